/** Every command, in the order of `--help`. */
import type { Command } from "../command.ts";
import { checkCommand } from "./check.ts";
import { diffCommand } from "./diff.ts";
import { huntCommand } from "./hunt.ts";
import { listCommand } from "./list.ts";
import { mergeCommand } from "./merge.ts";
import { newCommand } from "./new.ts";
import { runCommand } from "./run.ts";
import { sweepCommand } from "./sweep.ts";
import { viewCommand } from "./view.ts";
import { workerCommand } from "./worker.ts";

export const commands: readonly Command[] = [runCommand, huntCommand, sweepCommand, workerCommand, mergeCommand, checkCommand, viewCommand, diffCommand, listCommand, newCommand];
