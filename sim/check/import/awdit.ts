/**
 * AWDIT's text for people, which it calls `test`: an operation a line, `r key value` or `w key value`; dashes between transactions,
 * equals signs between sessions. Source: AWDIT's README and loader. A value is what a write wrote, 0 too: there is none for
 * the state before the first write. Sessions have no times.
 */
import type { Format } from "./format.ts";
import { lines } from "./pieces.ts";
import { type Part, readRow, wholeNumber } from "./row.ts";
import { Sessions, type Step } from "./sessions.ts";

const PARTS: readonly Part[] = [
  { pattern: /\s*([rw])(?=\s|$)/y, expected: "expected r, w, dashes between transactions, or equals signs between sessions" },
  { pattern: /\s+(\d+)(?=\s|$)/y, expected: "expected a key, a whole number from 0" },
  { pattern: /\s+(\d+)(?=\s|$)/y, expected: "expected a value, a whole number from 0" },
  { pattern: /\s*$/y, expected: "expected nothing more after the value" },
];

export const awdit: Format = {
  name: "awdit",
  summary: "AWDIT's text for people: r key value, with dashes and equals signs between transactions and sessions",
  recognises: (first, head) => /^\s*[rw]\s+\d+\s+\d+\s*$/.test(first) || (/^\s*=+\s*$/.test(first) && /^\s*[rw]\s+\d+\s+\d+\s*$/m.test(head)),
  cut: () => lines,
  begin(sink) {
    const sessions = new Sessions(sink);
    let session = 0;
    let steps: Step[] = [];
    let begun = 1;
    const close = (): void => {
      if (steps.length > 0) sessions.add({ session: String(session), line: begun, steps, isCommitted: true });
      steps = [];
    };
    return {
      take({ text, line }) {
        const isSession = /^\s*=+\s*$/.test(text);
        if (isSession || /^\s*-+\s*$/.test(text)) {
          close();
          if (isSession) session++;
          return;
        }
        const row = readRow(text, PARTS, (column, message) => sink.complain(line, column, message));
        if (row === undefined) return;
        if (steps.length === 0) begun = line;
        steps.push([row[0]!, row[1]!, wholeNumber(row[2]!)]);
      },
      end() {
        close();
        return sessions.end({ zeroIsInitial: false });
      },
    };
  },
};
