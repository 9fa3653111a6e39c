/**
 * Jepsen's and Elle's histories as JSON, one operation a line or all in one array, with keywords as texts. They look like our own
 * and mean something else where they differ (see `jepsen.ts`), so that they are told apart by what only one of them has: Jepsen's
 * have an `index`, a nemesis, keys of transactions that are numbers; ours have a `client` and a `key`.
 */
import { contentOf, type Format } from "./format.ts";
import { forms } from "./forms.ts";
import { type Fields, JepsenEvents } from "./jepsen.ts";
import { JsonMistake, parsed, placesOf } from "./json-places.ts";
import { lines, type Piece, placeIn } from "./pieces.ts";

export const jepsenJson: Format = {
  name: "jepsen-json",
  summary: "Jepsen's and Elle's operations as JSON, line by line or in one array",
  recognises(_, head) {
    const first = firstObject(head);
    return first !== undefined && isJepsens(first);
  },
  cut: (head) => (/^\s*\{.*\}\s*$/m.test(head.slice(0, head.indexOf("\n") + 1 || head.length)) ? lines : forms("json")),
  begin(sink) {
    const events = new JepsenEvents(sink);
    return {
      take(piece) {
        const complainAt = (at: number, message: string): void => {
          const { line, column } = placeIn(piece, at);
          sink.complain(line, column, message);
        };
        const value = parsed(piece.text);
        if (value !== undefined) return events.take(value, piece.line, (field, message) => complainAt(...misfitIn(piece, field, message)));
        try {
          placesOf(piece.text);
        } catch (mistake) {
          if (!(mistake instanceof JsonMistake)) throw mistake;
          complainAt(mistake.at, mistake.message);
        }
      },
      end: () => events.end(),
    };
  },
};

function misfitIn({ text }: Piece, field: string | undefined, message: string): [at: number, message: string] {
  const { at, members } = placesOf(text);
  const place = field === undefined ? at : members[field]?.at;
  return place === undefined ? [at, `"${field}" is missing: ${message}`] : [place, field === undefined ? message : `"${field}": ${message}`];
}

function isJepsens({ client, key, index, process, f, value }: Fields): boolean {
  if (client !== undefined || typeof key === "string") return false;
  if (index !== undefined || typeof process === "string" || process === -1) return true;
  return f === "txn" && Array.isArray(value) && value.some((step) => Array.isArray(step) && typeof step[1] === "number");
}

/** The first operation of a text's first part; undefined where it is none, or does not end there. */
function firstObject(head: string): Fields | undefined {
  const content = contentOf(head, /^$/).replace(/^\[\s*/, "");
  if (!content.startsWith("{")) return undefined;
  let found: Fields | undefined;
  const cutter = forms("json")(({ text }) => {
    const value = parsed(text);
    if (found === undefined && typeof value === "object" && value !== null) found = value as Fields;
  }, () => undefined);
  cutter.push(content);
  return found;
}
