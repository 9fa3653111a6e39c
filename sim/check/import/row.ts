/** A line that is a row of parts, each with a pattern of its own: what does not fit is said at its place. */

export interface Part {
  /** Sticky; what is wanted of the part is the one group of it that matches, if any. */
  readonly pattern: RegExp;
  /** Said where the pattern does not match. */
  readonly expected: string;
}

export type Complain = (column: number, message: string) => void;

/** What each part's group holds, empty where a pattern has none; undefined (and a complaint) where the line does not fit. */
export function readRow(text: string, parts: readonly Part[], complain: Complain): string[] | undefined {
  const found: string[] = [];
  let at = 0;
  for (const { pattern, expected } of parts) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) return void complain(at + text.slice(at).search(/\S|$/) + 1, expected);
    at = pattern.lastIndex;
    found.push(match.slice(1).find((group) => group !== undefined) ?? "");
  }
  return found;
}

/** A whole number, or its digits where JavaScript cannot hold it. */
export function wholeNumber(digits: string): number | string {
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : digits;
}
