/**
 * dbcop's JSON: sessions of transactions of events, with or without `params` around them. Today's events are
 * `{"Read": {"variable": 0, "version": 1}}`, and `null` is the version before the first write; those of the paper's artefact
 * are `{"write": true, "variable": 0, "value": 1, "success": true}`. Where nobody wrote 0, 0 is the value before the first
 * write. Sources: dbcop's docs/history-format.md and its branch oopsla-2019. Sessions have no times.
 */
import type { Format } from "./format.ts";
import { JsonMistake, type Placed, placesOf } from "./json-places.ts";
import { type Piece, placeIn, whole } from "./pieces.ts";
import { Sessions, type Step } from "./sessions.ts";

export const dbcopJson: Format = {
  name: "dbcop-json",
  summary: "dbcop's JSON: sessions of transactions of Read and Write events",
  recognises: (_, head) => /^\s*(\[\s*\[\s*(\{\s*"|\])|\{\s*"(params|data)"\s*:)/.test(head),
  cut: () => whole,
  begin(sink) {
    const sessions = new Sessions(sink);
    return {
      take(piece) {
        const complainAt = (at: number, message: string): void => {
          const { line, column } = placeIn(piece, at);
          sink.complain(line, column, message);
        };
        try {
          const places = placesOf(piece.text);
          new Walk(piece, sessions, complainAt).history(JSON.parse(piece.text), places);
        } catch (mistake) {
          if (!(mistake instanceof JsonMistake)) throw mistake;
          complainAt(mistake.at, mistake.message);
        }
      },
      end: () => sessions.end({ zeroIsInitial: true }),
    };
  },
};

interface Fields {
  readonly [name: string]: unknown;
}

class Walk {
  readonly #piece: Piece;
  readonly #sessions: Sessions;
  readonly #complain: (at: number, message: string) => void;

  constructor(piece: Piece, sessions: Sessions, complain: (at: number, message: string) => void) {
    this.#piece = piece;
    this.#sessions = sessions;
    this.#complain = complain;
  }

  history(value: unknown, places: Placed): void {
    const sessions = isRecord(value) ? value["data"] : value;
    const at = isRecord(value) ? places.members["data"] : places;
    if (!Array.isArray(sessions) || at === undefined) return this.#complain((at ?? places).at, "expected sessions: an array of arrays of transactions");
    sessions.forEach((session: unknown, number) => {
      const place = at.elements[number]!;
      if (!Array.isArray(session)) return this.#complain(place.at, "expected a session: an array of transactions");
      session.forEach((transaction: unknown, index) => this.#transaction(transaction, String(number), place.elements[index]!));
    });
  }

  #transaction(value: unknown, session: string, place: Placed): void {
    const events = isRecord(value) ? value["events"] : undefined;
    if (!isRecord(value) || !Array.isArray(events)) return this.#complain(place.at, 'expected a transaction: {"events": […], "committed": true}');
    const committed = value["committed"] ?? value["success"] ?? true;
    if (typeof committed !== "boolean") return this.#complain((place.members["committed"] ?? place.members["success"]!).at, "expected true or false");
    const steps: Step[] = [];
    events.forEach((event: unknown, index) => {
      const step = stepOf(event);
      if (step !== undefined) steps.push(step);
      else if (!hasFailed(event)) this.#complain(place.members["events"]!.elements[index]!.at, 'expected {"Read": {"variable": 0, "version": 1}} or {"Write": {…}}');
    });
    this.#sessions.add({ session, line: placeIn(this.#piece, place.at).line, steps, isCommitted: committed });
  }
}

function stepOf(event: unknown): Step | undefined {
  if (!isRecord(event) || hasFailed(event)) return undefined;
  const write = event["Write"];
  const access = write ?? event["Read"];
  if (isRecord(access)) return step(write !== undefined, access["variable"], access["version"]);
  return typeof event["write"] === "boolean" ? step(event["write"], event["variable"], event["value"]) : undefined;
}

function step(isWrite: boolean, variable: unknown, version: unknown): Step | undefined {
  if (typeof variable !== "number" && typeof variable !== "string") return undefined;
  if (typeof version !== "number" && (isWrite || (version !== null && version !== undefined))) return undefined;
  return [isWrite ? "w" : "r", String(variable), version ?? null];
}

/** Of the paper's artefact: an operation that the database refused. */
function hasFailed(event: unknown): boolean {
  return isRecord(event) && event["success"] === false;
}

function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
