/** A mistake in what a user wrote, in the shape of a compiler's message. */

export interface Diagnostic {
  /** The file as the user named it; `-` for standard input; `--set path=value` for an override. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units, as editors count. */
  readonly column: number;
  /** One sentence that stands alone, `did you mean …?` included. */
  readonly message: string;
  /** The source line that it is about. */
  readonly excerpt?: string;
  /** How many characters of the line are wrong. 1 unless said otherwise. */
  readonly length?: number;
  /** What was expected, or the cure. */
  readonly hint?: string;
}

/** The user's input was wrong. Holds every mistake, in the order of the file. */
export class InputError extends Error {
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(formatDiagnostics(diagnostics, { color: false }));
    this.name = "InputError";
    this.diagnostics = diagnostics;
  }
}

/** An error that has no line: a missing file, a wrong option. */
export function inputError(file: string, message: string, hint?: string): InputError {
  return new InputError([{ file, line: 1, column: 1, message, ...(hint === undefined ? {} : { hint }) }]);
}

const RED = "\u001b[31m";
const BOLD = "\u001b[1m";
const BLUE = "\u001b[34m";
const RESET = "\u001b[0m";

/** Lines longer than this are shown in part, around the mistake. */
const WIDEST = 160;

/** `file:line:column: message`, the line itself, and a caret under what is wrong; a block for each mistake. */
export function formatDiagnostics(diagnostics: readonly Diagnostic[], { color }: { readonly color: boolean }): string {
  const paint = (code: string, text: string): string => (color ? `${code}${text}${RESET}` : text);
  const blocks = diagnostics.map((one) => {
    const lines = [`${paint(BOLD, `${one.file}:${one.line}:${one.column}:`)} ${paint(RED, one.message)}`];
    if (one.excerpt !== undefined) {
      const { line, caret } = underline(one.excerpt, one.column, one.length ?? 1);
      const number = String(one.line);
      lines.push(`${paint(BLUE, ` ${number} |`)} ${line}`, `${paint(BLUE, ` ${" ".repeat(number.length)} |`)} ${paint(RED, caret)}`);
    }
    if (one.hint !== undefined) lines.push(`   ${paint(BLUE, "=")} ${one.hint}`);
    return lines.join("\n");
  });
  return blocks.join("\n\n");
}

/** The line, cut where it is too long, and the carets below it. A tab stays a tab, so that both lines shift alike. */
function underline(excerpt: string, column: number, length: number): { line: string; caret: string } {
  const start = column - 1;
  const from = excerpt.length > WIDEST && start > WIDEST / 2 ? start - WIDEST / 2 : 0;
  const line = printable(excerpt.slice(from, from + WIDEST));
  const room = Math.max(1, line.length - (start - from));
  const padding = line.slice(0, start - from).replace(/[^\t]/g, " ").padEnd(start - from);
  return { line, caret: `${padding}^${"~".repeat(Math.max(0, Math.min(length, room) - 1))}` };
}

/** Control characters must not reach a terminal. */
function printable(text: string): string {
  return text.replace(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/g, "�");
}

/**
 * The candidate that a misspelt name most likely means: the nearest by insertions, deletions, substitutions and swaps
 * of neighbours, where at most a third of the letters differ. The first of several.
 */
export function closest(name: string, candidates: readonly string[]): string | undefined {
  if (name.length > 100) return undefined; // No name is that long, and the comparison is quadratic.
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    const farthest = Math.max(1, Math.floor(Math.max(name.length, candidate.length) / 3));
    const distance = spellingDistance(name.toLowerCase(), candidate.toLowerCase());
    const keepsSomething = distance < Math.max(name.length, candidate.length);
    if (distance > farthest || !keepsSomething || distance >= bestDistance) continue;
    best = candidate;
    bestDistance = distance;
  }
  return best;
}

/** The optimal string alignment distance: Levenshtein's, with a swap of two neighbours as one step. */
function spellingDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substitution = (last[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min((last[j] as number) + 1, (row[j - 1] as number) + 1, substitution);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwap) least = Math.min(least, (before[j - 2] as number) + 1);
      row.push(least);
    }
    before = last;
    last = row;
  }
  return last[b.length] as number;
}

/** `, did you mean `x`?` where a name is near, else nothing. To be put at the end of a message. */
export function didYouMean(name: string, candidates: readonly string[]): string {
  const meant = closest(name, candidates);
  return meant === undefined ? "" : `, did you mean \`${meant}\`?`;
}

/** `a, b or c`. */
export function oneOf(names: readonly string[], conjunction = "or"): string {
  if (names.length <= 1) return names.join("");
  return `${names.slice(0, -1).join(", ")} ${conjunction} ${names[names.length - 1]}`;
}
