/**
 * The text of Plume, PolySI and IsoVista, which AWDIT calls `plume`: an operation a line, `r(key,value,session,transaction)` or
 * `w(…)`, all whole numbers. Sources: the READMEs and loaders of PolySI, IsoVista and AWDIT.
 *
 * The value 0 is the one before the first write; a first transaction that does nothing but write zeros spells that out, and is
 * left out. Transaction -1 gathers what was rolled back: its writes are kept as aborted, its reads say nothing. Sessions have no times.
 */
import type { Format } from "./format.ts";
import { lines } from "./pieces.ts";
import { type Part, readRow, wholeNumber } from "./row.ts";
import { Sessions, type Step } from "./sessions.ts";

const LINE = /^\s*[rw]\(\s*-?\d+\s*,\s*-?\d+\s*,\s*-?\d+\s*,\s*-?\d+\s*\)\s*$/;
const PARTS: readonly Part[] = [
  { pattern: /\s*([rw])(?=\s*\()/y, expected: "expected r(key,value,session,transaction) or w(…)" },
  { pattern: /\s*\(\s*(-?\d+)(?=\s*,)/y, expected: "expected a key, a whole number" },
  { pattern: /\s*,\s*(-?\d+)(?=\s*,)/y, expected: "expected a value, a whole number" },
  { pattern: /\s*,\s*(-?\d+)(?=\s*,)/y, expected: "expected a session, a whole number" },
  { pattern: /\s*,\s*(-?\d+)(?=\s*\))/y, expected: "expected a transaction, a whole number" },
  { pattern: /\s*\)\s*$/y, expected: "expected ) at the end" },
];

interface Open {
  readonly id: string;
  readonly line: number;
  readonly steps: Step[];
}

export const plume: Format = {
  name: "plume",
  summary: "the text of Plume, PolySI and IsoVista: r(key,value,session,transaction)",
  recognises: (first) => LINE.test(first),
  cut: () => lines,
  begin(sink) {
    const sessions = new Sessions(sink);
    const open = new Map<string, Open>();
    const closed = new Map<string, Set<string>>();
    let isFirst = true;
    const close = (session: string, { id, line, steps }: Open): void => {
      const ids = closed.get(session) ?? new Set<string>();
      closed.set(session, ids.add(id));
      const isInitial = isFirst && steps.every(([f, , value]) => f === "w" && value === 0);
      isFirst = false;
      if (!isInitial) sessions.add({ session, line, steps, isCommitted: true });
    };
    return {
      take({ text, line }) {
        const row = readRow(text, PARTS, (column, message) => sink.complain(line, column, message));
        if (row === undefined) return;
        const [f, key, value, session, id] = row as [string, string, string, string, string];
        const step: Step = [f, key, wholeNumber(value)];
        if (id === "-1") {
          if (f === "w") sessions.add({ session, line, steps: [step], isCommitted: false });
          return;
        }
        const last = open.get(session);
        if (last?.id === id) return void last.steps.push(step);
        if (closed.get(session)?.has(id) === true) return sink.complain(line, 1, `transaction ${id} of session ${session} goes on after another one began`);
        if (last !== undefined) close(session, last);
        open.set(session, { id, line, steps: [step] });
      },
      end() {
        for (const [session, last] of open) close(session, last);
        return sessions.end({ zeroIsInitial: true });
      },
    };
  },
};
