/**
 * dbcop's notation: transactions in brackets, `[x:=1 y==2 z==?]`, several on a line if need be; `!` after one that was not
 * committed; dashes between sessions; comments after `//`. `x==?` read the value before the first write, and so did `x==0` where
 * nobody wrote 0. Source: dbcop's docs/history-format.md. Sessions have no times.
 */
import { contentOf, type Format, type Sink } from "./format.ts";
import { lines } from "./pieces.ts";
import { wholeNumber } from "./row.ts";
import { Sessions, type Step } from "./sessions.ts";

const OPEN = /\s*\[\s*/y;
const EVENT = /([\p{L}\p{N}_]+)(:=|==)(\d+|\?)(?=[\s\]]|$)\s*/uy;
const CLOSE = /\](!?)/y;

export const dbcop: Format = {
  name: "dbcop",
  summary: "dbcop's notation: [x:=1 y==2 z==?], with dashes between sessions",
  recognises: (_, head) => /^\[\s*[\p{L}\p{N}_]+(:=|==)/u.test(contentOf(head, /^(\/\/.*|-+\s*$)/m)),
  cut: () => lines,
  begin(sink) {
    const sessions = new Sessions(sink);
    let session = 0;
    return {
      take({ text, line }) {
        if (/^\s*-+\s*$/.test(text)) session++;
        else if (!/^\s*\/\//.test(text)) readLine(text, line, String(session), sessions, sink);
      },
      end: () => sessions.end({ zeroIsInitial: true }),
    };
  },
};

function readLine(text: string, line: number, session: string, sessions: Sessions, sink: Sink): void {
  const bad = (at: number, message: string): void => sink.complain(line, at + text.slice(at).search(/\S|$/) + 1, message);
  for (let at = 0; text.slice(at).trim() !== ""; ) {
    OPEN.lastIndex = at;
    if (!OPEN.test(text)) return bad(at, "expected a transaction in brackets: [x:=1 y==2]");
    at = OPEN.lastIndex;
    const steps: Step[] = [];
    for (;;) {
      EVENT.lastIndex = at;
      const found = EVENT.exec(text);
      if (found === null) break;
      at = EVENT.lastIndex;
      const [, key = "", sign = "", version = ""] = found;
      if (sign === ":=" && version === "?") return bad(found.index, "expected the version that is written, a whole number");
      steps.push([sign === ":=" ? "w" : "r", key, version === "?" ? null : wholeNumber(version)]);
    }
    CLOSE.lastIndex = at;
    const closed = CLOSE.exec(text);
    if (closed === null || steps.length === 0) return bad(at, "expected a write x:=1, a read x==1 or x==?, or ]");
    at = CLOSE.lastIndex;
    sessions.add({ session, line, steps, isCommitted: closed[1] === "" });
  }
}
