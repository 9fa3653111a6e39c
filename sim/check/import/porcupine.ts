/**
 * Porcupine's key-value text: `{:process 0, :type :invoke, :f :append, :key "0", :value "x 0 0 y"}`, one event a line,
 * with `get`, `put` and `append`. It has no times, so positions stand for them.
 */
import type { HistoryEvent, HistoryProblem, OperationType } from "../history.ts";
import type { Format } from "./format.ts";
import { Names } from "./names.ts";
import { lines } from "./pieces.ts";

const TYPES: readonly string[] = ["invoke", "ok", "fail", "info"];
const FUNCTIONS: readonly string[] = ["get", "put", "append"];
const FIELD = /\s*:([\w-]+)\s+("(?:[^"\\]|\\.)*"|[^\s,}"]+)\s*(,|(?=\}))/y;

export const porcupine: Format = {
  name: "porcupine",
  summary: "Porcupine's key-value text: get, put, append",
  recognises: (first) => /^\s*\{:process\s/.test(first) && /:f\s+:(get|put|append)\b/.test(first) && /:key\s/.test(first),
  cut: () => lines,
  begin(sink) {
    const names = new Names();
    return {
      take({ text, line }) {
        const event = eventIn(text, names, (column, message) => sink.complain(line, column, message));
        if (event !== undefined) sink.event(event, line);
      },
      end: () => ({ model: "kv-append" }),
    };
  },
};

type Complain = (column: number, message: HistoryProblem["message"]) => void;

interface Field {
  readonly text: string;
  readonly column: number;
}

function eventIn(content: string, names: Names, complain: Complain): HistoryEvent | undefined {
  const fields = fieldsIn(content, complain);
  if (fields === undefined) return undefined;
  const bad = (name: string, expected: string): undefined => {
    const field = fields.get(name);
    complain(field?.column ?? content.indexOf("{") + 1, field === undefined ? `:${name} is missing: expected ${expected}` : `:${name}: expected ${expected}`);
  };
  const process = fields.get("process")?.text ?? "";
  if (!/^\d+$/.test(process)) return bad("process", "a whole number");
  const type = fields.get("type")?.text.replace(/^:/, "") ?? "";
  if (!TYPES.includes(type)) return bad("type", ":invoke, :ok, :fail or :info");
  const f = fields.get("f")?.text.replace(/^:/, "") ?? "";
  if (!FUNCTIONS.includes(f)) return bad("f", ":get, :put or :append");
  const key = textIn(fields.get("key")?.text);
  if (typeof key !== "string") return bad("key", "a text in double quotes");
  const value = textIn(fields.get("value")?.text);
  if (value === undefined) return bad("value", "a text in double quotes, or nil");
  return { process: Number(process), client: names.share(process), type: type as OperationType, f: names.share(f), key: names.share(key), value, time: 0 };
}

/** The fields of a line in braces; undefined (and a complaint) where it is not one. */
function fieldsIn(content: string, complain: Complain): Map<string, Field> | undefined {
  const start = content.indexOf("{");
  if (start === -1 || content.slice(0, start).trim() !== "") return void complain(content.search(/\S/) + 1, "expected an event in braces: {:process 0, :type …}");
  const fields = new Map<string, Field>();
  let at = start + 1;
  for (;;) {
    FIELD.lastIndex = at;
    const found = FIELD.exec(content);
    if (found === null) break;
    const [whole, name = "", text = ""] = found;
    fields.set(name, { text, column: at + whole.indexOf(text, whole.indexOf(name) + name.length) + 1 });
    at = FIELD.lastIndex;
  }
  if (!/^\s*\}\s*$/.test(content.slice(at))) return void complain(at + 1 + content.slice(at).search(/\S|$/), "expected a field (:name value) or }");
  return fields;
}

/** A text in double quotes, or null for `nil`; undefined where it is neither. */
function textIn(text: string | undefined): string | null | undefined {
  if (text === "nil") return null;
  if (text === undefined || !text.startsWith('"')) return undefined;
  return text.slice(1, -1).replace(/\\(.)/g, (_, escaped: string) => ({ n: "\n", t: "\t", r: "\r" })[escaped] ?? escaped);
}
