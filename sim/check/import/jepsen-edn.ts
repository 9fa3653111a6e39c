/**
 * Jepsen's and Elle's histories as EDN: an operation a line (`history.edn`), operations on several lines, or one vector of them;
 * plain maps, or records such as `#jepsen.history.Op{…}`. What they mean is said in `jepsen.ts`.
 */
import { EdnMistake, readForm, readPlaced } from "./edn.ts";
import { contentOf, type Format } from "./format.ts";
import { forms } from "./forms.ts";
import { JepsenEvents } from "./jepsen.ts";
import { type Piece, placeIn } from "./pieces.ts";

const LOOKS = /^(\[[\s,]*)?(;.*\s+)*(#(?!_)[\w./-]+\s*)?\{[\s,]*(:|;)/;
const PORCUPINE = /:f\s+:(get|put|append)\b.*:key\s+"/;
const EMPTY = /^(\[\s*\]|\(\s*\))\s*$/;

export const jepsenEdn: Format = {
  name: "jepsen-edn",
  summary: "Jepsen's and Elle's operations as EDN, line by line or in one vector",
  recognises(first, head) {
    const content = contentOf(head, /^(;.*|#_\s*\S+)/);
    return LOOKS.test(content) && !EMPTY.test(content) && !(PORCUPINE.test(first) && /^\s*\{:process\s/.test(first));
  },
  cut: () => forms("edn"),
  begin(sink) {
    const events = new JepsenEvents(sink);
    return {
      take(piece) {
        const complainAt = (at: number, message: string): void => {
          const { line, column } = placeIn(piece, at);
          sink.complain(line, column, message);
        };
        try {
          const value = readForm(piece.text);
          if (value !== undefined) events.take(value, piece.line, (field, message) => complainAt(...misfitIn(piece, field, message)));
        } catch (mistake) {
          if (!(mistake instanceof EdnMistake)) throw mistake;
          complainAt(mistake.at, mistake.message);
        }
      },
      end: () => events.end(),
    };
  },
};

function misfitIn({ text }: Piece, field: string | undefined, message: string): [at: number, message: string] {
  const { at, places } = readPlaced(text);
  const place = field === undefined ? at : places.get(field);
  return place === undefined ? [at, `:${field} is missing: ${message}`] : [place, field === undefined ? message : `:${field}: ${message}`];
}
