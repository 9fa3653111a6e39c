/** Which lane lies where. From the top: faults, one lane a node, then the clients' operations. */
import type { FaultSpan } from "../../model/story.ts";
import { NEVER } from "../../model/intervals.ts";

export interface Lane {
  readonly top: number;
  readonly height: number;
  readonly middle: number;
}

export interface Lanes {
  readonly faults: Lane & { readonly rows: number };
  readonly nodes: readonly Lane[];
  readonly operations: Lane | undefined;
  /** Of all lanes. */
  readonly height: number;
}

export const FAULT_ROW = 18;
const FAULT_ROWS_UP_TO = 3;
const NODE_AT_LEAST = 24;
const NODE_AT_MOST = 64;
const OPERATIONS = 64;

/** Fills the height where the nodes fit into it, and asks for more where they do not. */
export function lanesFor(height: number, nodes: number, faultRows: number, hasClients: boolean): Lanes {
  const rows = Math.min(FAULT_ROWS_UP_TO, Math.max(1, faultRows));
  const faults = { ...lane(0, rows * FAULT_ROW + 8), rows };
  const operationsHigh = hasClients ? OPERATIONS : 0;
  const each = Math.min(NODE_AT_MOST, Math.max(NODE_AT_LEAST, Math.floor((height - faults.height - operationsHigh) / Math.max(1, nodes))));
  const lanes = Array.from({ length: nodes }, (_, node) => lane(faults.height + node * each, each));
  const below = faults.height + nodes * each;
  const operations = hasClients ? lane(below, Math.max(operationsHigh, Math.min(120, height - below))) : undefined;
  return { faults, nodes: lanes, operations, height: below + (operations?.height ?? 0) };
}

function lane(top: number, height: number): Lane {
  return { top, height, middle: top + height / 2 };
}

/** Puts each fault into the first row that is free when it begins. Returns the row of each, and how many there are. */
export function faultRows(faults: readonly FaultSpan[]): { rows: number[]; count: number } {
  const free: number[] = [];
  const rows = faults.map((fault) => {
    let row = free.findIndex((until) => until <= fault.begin);
    if (row < 0) row = free.length;
    free[row] = fault.end === NEVER ? NEVER : fault.end;
    return row;
  });
  return { rows, count: free.length };
}
