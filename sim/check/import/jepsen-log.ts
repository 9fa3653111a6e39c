/**
 * The lines that `jepsen.util` logs for a register: `INFO  jepsen.util - 2<tab>:invoke<tab>:cas<tab>[0 3]`.
 *
 * Here `:fail :cas` with its argument says that the comparison was false, which constrains the state. `:info` stays open for
 * ever, and its process is not used again. A `:fail` of anything else (`:fail :read :timed-out`) did not happen. The
 * log has no times that order its events, so positions stand for them; and one register, so that there are no keys.
 */
import type { HistoryEvent, HistoryProblem, OperationType } from "../history.ts";
import type { Format } from "./format.ts";
import { lines } from "./pieces.ts";

const LOGGED = /\bjepsen\.util\b/;
const EVENT = /^(.*?\bjepsen\.util\s+-?\s*)(\S+)(\s+):(\S+)(\s+):(\S+)(?:(\s+)(.*?))?\s*$/;
const TYPES: readonly string[] = ["invoke", "ok", "fail", "info"];
const FUNCTIONS: readonly string[] = ["read", "write", "cas"];

export const jepsenLog: Format = {
  name: "jepsen-log",
  summary: "jepsen.util log lines of one register: read, write, cas",
  recognises: (first, head) => !/^\s*(\[\s*)?[{#;]/.test(first) && (LOGGED.test(first) || /^.*\bjepsen\.util\b.*\s:invoke\s/m.test(head)),
  cut: () => lines,
  begin(sink) {
    const open = new Map<number, HistoryEvent>();
    return {
      take({ text, line }) {
        // Others log too, and the nemesis is no client.
        if (!LOGGED.test(text) || /\s:nemesis\s/.test(text)) return;
        const event = eventIn(text, open, (column, message) => sink.complain(line, column, message));
        if (event === undefined) return;
        if (event.type === "invoke") open.set(event.process, event);
        else open.delete(event.process);
        sink.event(event, line);
      },
      end: () => ({ model: "cas-register" }),
    };
  },
};

type Complain = (column: number, message: HistoryProblem["message"]) => void;

function eventIn(content: string, open: ReadonlyMap<number, HistoryEvent>, complain: Complain): HistoryEvent | undefined {
  const found = EVENT.exec(content);
  if (found === null) return complain(1, "expected a process, :invoke, :ok, :fail or :info, an operation, and its value"), undefined;
  const [, before = "", processText = "", gap1 = "", type = "", gap2 = "", f = "", gap3 = "", valueText = ""] = found;
  const processColumn = before.length + 1;
  const typeColumn = processColumn + processText.length + gap1.length;
  const fColumn = typeColumn + 1 + type.length + gap2.length;
  const valueColumn = fColumn + 1 + f.length + gap3.length;

  if (!/^\d+$/.test(processText)) return complain(processColumn, "expected a process, a whole number"), undefined;
  if (!TYPES.includes(type)) return complain(typeColumn, "expected :invoke, :ok, :fail or :info"), undefined;
  if (!FUNCTIONS.includes(f)) return complain(fColumn, "expected :read, :write or :cas"), undefined;
  const process = Number(processText);
  const base = { process, client: processText, type: type as OperationType, f, key: "", time: 0 };

  const value = valueIn(valueText);
  const reason = /^:(\S+)$/.exec(valueText)?.[1];
  if (type === "fail" && f === "cas" && Array.isArray(value)) return { ...base, value, error: "mismatch" };
  if ((type === "info" || type === "fail") && reason !== undefined) return { ...base, value: open.get(process)?.value ?? null, error: reason };
  if (value === undefined) return complain(valueColumn, expectedValue(f)), undefined;
  if ((f === "cas") !== Array.isArray(value)) return complain(valueColumn, expectedValue(f)), undefined;
  return { ...base, value };
}

function expectedValue(f: string): string {
  return f === "cas" ? "expected two values in brackets: [0 3]" : "expected a number or nil";
}

/** `nil`, `4` or `[0 3]`; undefined where it is none of them. */
function valueIn(text: string): unknown {
  const pair = /^\[\s*(\S+)\s+(\S+?)\s*\]$/.exec(text);
  if (pair !== null) {
    const values = [valueIn(pair[1]!), valueIn(pair[2]!)];
    return values.includes(undefined) ? undefined : values;
  }
  if (text === "nil") return null;
  return /^-?\d+$/.test(text) ? Number(text) : undefined;
}
