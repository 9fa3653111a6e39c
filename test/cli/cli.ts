/** Starts the built command line as a user would. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

export const root = fileURLToPath(new URL("../..", import.meta.url));
export const program = join(root, ".dist/cli.js");

export interface Outcome {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Start {
  readonly cwd: string;
  readonly input?: string;
  readonly env?: { readonly [name: string]: string };
}

/** An empty folder that is gone after the test. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "splitbrain-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The environment of a plain terminal-less shell: what npm and vitest add must not change what is tested. */
export function plainEnvironment(added: { readonly [name: string]: string } = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(npm_|VITEST|NODE_OPTIONS|NODE_ENV|FORCE_COLOR|NO_COLOR|CI$)/i.test(name));
  return { ...Object.fromEntries(kept), ...added };
}

/** Starts a program, and leaves it running. It is ended with the test. */
export function startProgram(file: string, args: readonly string[], cwd: string, env?: { readonly [name: string]: string }): ChildProcess {
  const child = spawn(file, args, { cwd, env: plainEnvironment(env), stdio: ["pipe", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

/** Starts the command line of the checkout. */
export function start(args: readonly string[], { cwd, env }: Omit<Start, "input">): ChildProcess {
  return startProgram(process.execPath, [program, ...args], cwd, env);
}

/** Runs it to its end. */
export async function splitbrain(args: readonly string[], options: Start): Promise<Outcome> {
  const child = start(args, options);
  child.stdin?.end(options.input ?? "");
  return outcomeOf(child);
}

/** Everything that it prints, and how it ends. */
export async function outcomeOf(child: ChildProcess): Promise<Outcome> {
  let stdout = "";
  let stderr = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, stdout, stderr };
}

/** Resolves when what it has printed on a stream matches. */
export function printed(child: ChildProcess, stream: "stdout" | "stderr", pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    child[stream]?.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      if (pattern.test(text)) resolve(text);
    });
    child.on("close", (code) => reject(new Error(`it ended with ${code} before it printed ${pattern}: ${text}`)));
  });
}
