import { describe, expect, it } from "vitest";
import { billLines, faultCostLines } from "../../sim/cli/report-costs.ts";
import { paintFor } from "../../sim/cli/terminal.ts";
import type { FaultResult, RunResult } from "../../sim/scenario/result.ts";

const style = { paint: paintFor(false, {}, true), columns: 80, program: "splitbrain" };
const MS = 1_000_000;

function fault(name: string, fromNs: number, costs: Partial<FaultResult> = {}): FaultResult {
  return { name, fault: "isolate", fromNs, untilNs: null, nodes: ["n1"], did: true, detectionNs: null, unavailableNs: 0, recoveryNs: 0, ...costs };
}

const linesOf = (...faults: FaultResult[]): string[] => faultCostLines({ faults } as Partial<RunResult> as RunResult, style);

describe("the table of faults", () => {
  it("says of each how soon it was noticed, how long clients got no answer, and when that was over", () => {
    const lines = linesOf(
      fault("the leader is cut off", 5_000 * MS, { detectionNs: 193 * MS, unavailableNs: 215 * MS, recoveryNs: 220 * MS }),
      fault("isolate", 9_000 * MS, { unavailableNs: 3_000 * MS, recoveryNs: null }),
      fault("nobody asked", 9_500 * MS, { unavailableNs: null, recoveryNs: null }),
    );
    expect(lines).toEqual([
      "        fault                  noticed after  unavailable  over after",
      "  5s    the leader is cut off  193ms          215ms        220ms",
      "  9s    isolate                –              3s           not over",
      "  9.5s  nobody asked           –              –            –",
    ]);
  });

  it("is not there where no fault struck anybody", () => {
    expect(linesOf()).toEqual([]);
    expect(linesOf(fault("isolate", 1, { did: false }))).toEqual([]);
  });

  it("shows the eight that cost most of a long series, in order of time, in lines of at most 80 columns", () => {
    const series = Array.from({ length: 12 }, (_, n) => fault(`a name that goes on and on and never comes to an end ${n}`, n * 1_000 * MS, { unavailableNs: ((n * 5) % 12) * 100 * MS }));
    const lines = linesOf(...series);
    expect(lines).toHaveLength(1 + 8 + 1);
    expect(lines.slice(1, -1).map((line) => line.trim().split(" ")[0])).toEqual(["1s", "2s", "4s", "6s", "7s", "8s", "9s", "11s"]);
    expect(lines.at(-1)).toBe("  … and 4 that cost less, all in --json");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});

describe("the bill", () => {
  it("names what a million operations cost, and each item with its quantity and price", () => {
    const cost = {
      currency: "USD",
      total: 0.00084,
      perMillionOperations: 0.42,
      items: [
        { item: "nodes", quantity: 0.00833333333333, unit: "node hours", price: 0.096, cost: 0.0008, perMillionOperations: 0.4 },
        { item: "crossZone", quantity: 0.004, unit: "GB", price: 0.01, cost: 0.00004, perMillionOperations: 0.02 },
      ],
    } as const;
    expect(billLines({ cost, virtualTimeNs: 10_000 * MS } as Partial<RunResult> as RunResult, style)).toEqual([
      "  a million operations    $0.42  this run of 10s: $0.00084",
      "    nodes                 $0.40  0.00833 node hours at $0.096",
      "    traffic across zones  $0.02  0.004 GB at $0.01",
    ]);
  });

  it("is not there without prices", () => {
    expect(billLines({ virtualTimeNs: 1 } as Partial<RunResult> as RunResult, style)).toEqual([]);
  });
});
