/**
 * A redis for tests: starts Debian's, or whichever is on the PATH, on a free port of the loopback, in a folder that is gone
 * after the test, and keeping nothing. Without one the tests are skipped with a word about why, unless
 * SPLITBRAIN_REQUIRE_REDIS=1 makes that a failure.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { Redis } from "ioredis";
import { onTestFinished, test } from "vitest";

const missing = "no redis-server was found: install one, or put it on the PATH";

function findRedis(): string | undefined {
  return (process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, "redis-server")).find((path) => existsSync(path));
}

/** A server that can be killed and started anew at the same address, with nothing of what it held. */
export class TestRedis {
  readonly port: number;
  readonly #path: string;
  readonly #folder: string;
  #process: ChildProcess | undefined;

  constructor(path: string, port: number) {
    this.#path = path;
    this.port = port;
    this.#folder = mkdtempSync(join(tmpdir(), "splitbrain-redis-"));
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const child = spawn(this.#path, ["--port", String(this.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", this.#folder], { stdio: ["ignore", "pipe", "ignore"] });
    this.#process = child;
    await new Promise<void>((resolve, reject) => {
      child.stdout.setEncoding("utf8").on("data", (text: string) => (/ready to accept connections/i.test(text) ? resolve() : undefined));
      child.once("exit", (code) => reject(new Error(`redis-server ended with ${code}`)));
    });
  }

  async kill(): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise((resolve) => {
      child.once("exit", resolve);
      child.kill("SIGKILL");
    });
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** A connection for looking at what it holds. */
  client(): Redis {
    const redis = new Redis(this.url, { maxRetriesPerRequest: null });
    redis.on("error", () => undefined);
    onTestFinished(() => redis.disconnect());
    return redis;
  }
}

/** A port of the loopback that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A test that gets a redis of its own. */
export function redisTest(name: string, body: (redis: TestRedis) => Promise<void>, timeoutMs?: number): void {
  test(name, { timeout: timeoutMs }, async ({ skip }) => {
    const path = findRedis();
    if (path === undefined && process.env["SPLITBRAIN_REQUIRE_REDIS"] === "1") throw new Error(missing);
    if (path === undefined) return skip(missing);
    const redis = new TestRedis(path, await freePort());
    onTestFinished(() => redis.remove());
    await redis.start();
    await body(redis);
  });
}
