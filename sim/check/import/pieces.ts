/**
 * Cuts a text that comes in chunks into the pieces that a format is read in: lines, forms (a bracket with what is in it), or
 * the whole. Nothing is kept of what has been handed on, so that a file may be larger than memory.
 */

/** A part of a text, and where it begins: lines and columns count from 1. */
export interface Piece {
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

/** The place of a position in a piece, which counts from 0. */
export function placeIn({ text, line, column }: Piece, at: number): { readonly line: number; readonly column: number } {
  let start = 0;
  let number = line;
  for (let end = text.indexOf("\n"); end !== -1 && end < at; end = text.indexOf("\n", start)) {
    number++;
    start = end + 1;
  }
  return { line: number, column: number === line ? column + at : at - start + 1 };
}

export interface Cutter {
  push(chunk: string): void;
  end(): void;
}

export type Take = (piece: Piece) => void;
export type Complain = (line: number, column: number, message: string) => void;
export type Cut = (take: Take, complain: Complain) => Cutter;

/** Lines that are not blank, without their ends. */
export const lines: Cut = (take) => {
  const parts: string[] = [];
  let line = 0;
  const emit = (text: string): void => {
    line++;
    const content = text.endsWith("\r") ? text.slice(0, -1) : text;
    if (/\S/.test(content)) take({ text: content, line, column: 1 });
  };
  return {
    push(chunk) {
      let start = 0;
      for (let end = chunk.indexOf("\n"); end !== -1; end = chunk.indexOf("\n", start)) {
        const rest = chunk.slice(start, end);
        emit(parts.length === 0 ? rest : parts.splice(0).join("") + rest);
        start = end + 1;
      }
      if (start < chunk.length) parts.push(chunk.slice(start));
    },
    end: () => emit(parts.splice(0).join("")),
  };
};

/** Everything in one piece: for formats that make sense only when their last bracket is there. */
export const whole: Cut = (take) => {
  const parts: string[] = [];
  return {
    push: (chunk) => void parts.push(chunk),
    end: () => take({ text: parts.splice(0).join(""), line: 1, column: 1 }),
  };
};
