/** Reads a document by its description: values in ready units, defaults filled in, and every mistake noted with its place. */
import type { Diagnostic } from "./diagnostics.ts";
import { InputError } from "./diagnostics.ts";
import type { ScenarioDocument } from "./document.ts";
import type { QuantityError } from "./quantities.ts";
import type { FileShape, ShapeOf } from "./shape.ts";
import type { Spot } from "./spot.ts";
import { extent, textStart } from "./spot.ts";

/** One reader for each shape: the value that is held, or undefined where it is wrong, which it has noted. */
export type Readers = { readonly [Type in FileShape["type"]]: (shape: ShapeOf<Type>, spot: Spot, reader: Reader) => unknown };

/** A name, a zone or a count in a selector, to be held against the nodes once those are known. */
export interface Selected {
  readonly spot: Spot;
  readonly name?: string;
  readonly zone?: string;
  readonly count?: number;
}

/** A file whose aliases multiply would otherwise be read for ever. */
const MOST_VALUES = 20_000;

export class Reader {
  readonly document: ScenarioDocument;
  readonly diagnostics: Diagnostic[] = [];
  readonly selected: Selected[] = [];
  /** The zone of each node; none where nodes stand in no zones. */
  readonly zones: string[] = [];
  readonly #readers: Readers;
  readonly #values = new Map<string, Spot>();
  readonly #keys = new Map<string, Spot>();
  #count = 0;

  constructor(document: ScenarioDocument, readers: Readers) {
    this.document = document;
    this.#readers = readers;
  }

  /** The value by its shape, or undefined where it is wrong, which is then noted. */
  read(shape: FileShape, spot: Spot): unknown {
    this.#count += 1;
    if (this.#count > MOST_VALUES) {
      throw new InputError([spot.source.diagnostic(0, 1, `these are more than ${MOST_VALUES} values, which is no scenario`)]);
    }
    this.#values.set(spot.path, spot);
    const read = this.#readers[shape.type] as (shape: FileShape, spot: Spot, reader: Reader) => unknown;
    return read(shape, spot, this);
  }

  root(): Spot {
    return { node: this.document.resolve(this.document.root), source: this.document.source, path: "", where: "" };
  }

  /** The spot of a child: of a map by its key, of a list by its position. */
  below(parent: Spot, node: unknown, name: string | number): Spot {
    const source = this.document.originOf(node) ?? parent.source;
    const path = parent.path === "" ? String(name) : `${parent.path}.${name}`;
    const where = typeof name === "number" ? parent.where : parent.where === "" ? name : `${parent.where}.${name}`;
    return { node: this.document.resolve(node), source, path, where };
  }

  noteKey(path: string, key: Spot): void {
    this.#keys.set(path, key);
  }

  /** Where the value at a path stands in the text, if it is there. */
  at(path: string): Spot | undefined {
    return this.#values.get(path);
  }

  /** Where the key that leads to a path stands, if it is there. */
  keyAt(path: string): Spot | undefined {
    return this.#keys.get(path);
  }

  /** The first of some paths that stands in the text, else the root: where to report what concerns them all. */
  spotOf(...paths: readonly string[]): Spot {
    for (const path of paths) {
      const spot = this.#values.get(path);
      if (spot !== undefined) return spot;
    }
    return this.root();
  }

  /** Notes a mistake at a spot. */
  report(spot: Spot, message: string, hint?: string): undefined {
    let at = spot;
    let [from, to] = extent(spot.node);
    const key = this.#keys.get(spot.path);
    // Where there is nothing to point to, its key stands for it.
    if (from === to && key !== undefined) [at, [from, to]] = [key, extent(key.node)];
    this.diagnostics.push(at.source.diagnostic(from, to, message, hint));
    return undefined;
  }

  /** Notes a mistake in a part of a spot's text. */
  reportPart(spot: Spot, error: QuantityError): undefined {
    const start = textStart(spot);
    if (start === undefined) return this.report(spot, error.message, error.hint);
    this.diagnostics.push(spot.source.diagnostic(start + error.at, start + error.at + error.length, error.message, error.hint));
    return undefined;
  }
}
