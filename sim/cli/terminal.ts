/** Where a command's words go: results to standard output, everything else to standard error, colour where it is wanted. */

export interface Terminal {
  /** A line, or several, on standard output. */
  print(text: string): void;
  /** A line, or several, on standard error. */
  say(text: string): void;
  /** Replaces the progress line; an empty text takes it away. Does nothing where standard error is no terminal. */
  progress(text: string): void;
  /** Colours for standard output, and for standard error. */
  readonly paint: Paint;
  readonly sayPaint: Paint;
  /** How wide a report may be: the terminal's width, between 80 and 100 columns. */
  readonly columns: number;
  /** True where a person sits in front of standard error. */
  readonly isWatched: boolean;
}

export interface Paint {
  readonly isColoured: boolean;
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
}

const plain = (text: string): string => text;
const noPaint: Paint = { isColoured: false, bold: plain, dim: plain, red: plain, green: plain, yellow: plain, cyan: plain };

const ansi = (on: number, off: number) => (text: string): string => (text === "" ? "" : `\u001b[${on}m${text}\u001b[${off}m`);
const ansiPaint: Paint = {
  isColoured: true,
  bold: ansi(1, 22), dim: ansi(2, 22), red: ansi(31, 39), green: ansi(32, 39), yellow: ansi(33, 39), cyan: ansi(36, 39),
};

/** Colour only on a terminal, and only where neither NO_COLOR, nor `TERM=dumb`, nor `--no-color` speaks against it. */
export function paintFor(isTerminal: boolean, environment: NodeJS.ProcessEnv, isForbidden: boolean): Paint {
  const isRefused = isForbidden || (environment["NO_COLOR"] ?? "") !== "" || environment["TERM"] === "dumb";
  return isTerminal && !isRefused ? ansiPaint : noPaint;
}

const CLEAR_LINE = "\r\u001b[2K";

/** The terminal of this process. */
export function openTerminal(noColor: boolean): Terminal {
  silenceBrokenPipes();
  const isWatched = process.stderr.isTTY === true;
  let progressShown = false;
  const clearProgress = (): void => {
    if (progressShown) process.stderr.write(CLEAR_LINE);
    progressShown = false;
  };
  return {
    print(text) {
      clearProgress();
      process.stdout.write(`${text}\n`);
    },
    say(text) {
      clearProgress();
      process.stderr.write(`${text}\n`);
    },
    progress(text) {
      if (!isWatched) return;
      if (text === "") return clearProgress();
      process.stderr.write(`${CLEAR_LINE}${text.slice(0, Math.max(20, (process.stderr.columns || 80) - 1))}`);
      progressShown = true;
    },
    paint: paintFor(process.stdout.isTTY === true, process.env, noColor),
    sayPaint: paintFor(isWatched, process.env, noColor),
    columns: Math.min(100, Math.max(80, process.stdout.columns || 80)),
    isWatched,
  };
}

let isSilenced = false;

/** A reader that has seen enough (`| head`) is no mistake: what is left to print is dropped. */
function silenceBrokenPipes(): void {
  if (isSilenced) return;
  isSilenced = true;
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
}

/** How many columns a text takes, its colours left out. All that we print is one column a character. */
export function width(text: string): number {
  return [...text.replace(/\u001b\[\d+m/g, "")].length;
}

/** Rows with their columns aligned; the last column is left as it is. */
export function alignRows(rows: readonly (readonly string[])[], gap = 2): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, width(cell))));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell + " ".repeat((widths[column] ?? 0) - width(cell) + gap)))
      .join("")
      .trimEnd(),
  );
}

/** A text broken at spaces into lines of at most `columns`, with `indent` before each but the first. */
export function wrap(text: string, columns: number, indent = ""): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (width(longer) <= columns || line === "") line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line].join(`\n${indent}`);
}
