/** The picture of a judged history: one file with everything in it, that opens without a network and without a server. */
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { historyData } from "../../viz/history/history-data.ts";
import { UsageError } from "./exit.ts";
import type { JudgedHistory } from "./judge-histories.ts";
import { packagePath } from "./package.ts";

/** Throws a UsageError where it cannot be written. */
export function writeHistoryPage(path: string, { file, operations, verdict }: JudgedHistory): void {
  const template = readFileSync(packagePath(".dist", "history.html"), "utf8");
  const data = JSON.stringify(historyData(file === "-" ? "standard input" : basename(file), operations, verdict)).replaceAll("<", "\\u003c");
  try {
    writeFileSync(path, template.replace("/*data*/", () => data));
  } catch (error) {
    throw new UsageError(`${path} cannot be written: ${(error as Error).message}`);
  }
}
