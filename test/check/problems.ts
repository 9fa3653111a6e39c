/** What is wrong with a history's text. */
import { expect } from "vitest";
import { HistoryError, readHistory } from "../../sim/check/index.ts";

/** Every mistake as `line:column message`; none where the text can be read. */
export function problems(text: string, format?: string): string[] {
  try {
    readHistory(text, { format, file: "h" });
  } catch (error) {
    if (!(error instanceof HistoryError)) throw error;
    expect(error.file).toBe("h");
    return error.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
  }
  return [];
}
