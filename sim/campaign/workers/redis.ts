/** A campaign's redis: the connection to it, and who says there that he is alive. */
import { getSystemErrorMap } from "node:util";
import { Redis } from "ioredis";
import { ExecutorError } from "../executor.ts";

/** In front of every key, BullMQ's and ours. */
export const PREFIX = "splitbrain";

/** What a machine waits for an answer when it comes. */
const CONNECT_MS = 5_000;
const RETRY_MS = { first: 100, most: 3_000 } as const;

/** The address without the password, for messages. */
export function addressOf(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname === "/" ? "" : pathname}`;
}

/**
 * Connects to a redis. From then on a connection that is lost is made again, for as long as it takes: whoever uses it decides
 * by `Outage` for how long. Throws an ExecutorError where nobody answers.
 */
export async function connectRedis(url: string): Promise<Redis> {
  await checkRedis(url);
  const redis = new Redis(url, { maxRetriesPerRequest: null, connectTimeout: CONNECT_MS, retryStrategy: (times) => Math.min(RETRY_MS.first * times * times, RETRY_MS.most) });
  // It is told of by `Outage`, once, and not with each attempt.
  redis.on("error", () => undefined);
  return redis;
}

/**
 * Whether there is one at all, and lets us in: what is wrong from the start will not mend of itself. Throws an ExecutorError
 * where it is not so.
 */
export async function checkRedis(url: string): Promise<void> {
  const redis = new Redis(url, { lazyConnect: true, connectTimeout: CONNECT_MS, retryStrategy: () => null, maxRetriesPerRequest: 0 });
  let reason: Error | undefined;
  redis.on("error", (error: Error) => (reason = error));
  try {
    await redis.connect();
    await redis.ping();
  } catch (error) {
    const { errno, message } = (reason ?? error) as NodeJS.ErrnoException;
    const words = (errno === undefined ? undefined : getSystemErrorMap().get(errno)?.[1]) ?? message;
    throw new ExecutorError(`no redis answers at ${addressOf(url)}: ${words}`, "`redis-server` starts one; --queue takes its address, such as redis://localhost:6379.");
  } finally {
    redis.disconnect();
  }
}

/** Watches a connection, and says when it has been lost for too long. */
export class Outage {
  readonly #patienceMs: number;
  #sinceMs: number | undefined;

  /** `onChange` is told when the connection is lost, and when it is back. */
  constructor(redis: Redis, patienceMs: number, onChange: (isLost: boolean) => void) {
    this.#patienceMs = patienceMs;
    redis.on("close", () => {
      if (this.#sinceMs !== undefined) return;
      this.#sinceMs = performance.now();
      onChange(true);
    });
    redis.on("ready", () => {
      if (this.#sinceMs === undefined) return;
      this.#sinceMs = undefined;
      onChange(false);
    });
  }

  get isOn(): boolean {
    return this.#sinceMs !== undefined;
  }

  get isTooLong(): boolean {
    return this.#sinceMs !== undefined && performance.now() - this.#sinceMs > this.#patienceMs;
  }
}

/** An entry counts for so long after its last beat. */
const ALIVE_MS = 15_000;
/** Nobody who was silent for so long is coming back. */
const FORGOTTEN_MS = 10 * 60_000;
/** With nobody left to beat, redis itself forgets it all. */
const KEPT_S = 24 * 3_600;

interface Beat<Entry> {
  readonly entry: Entry;
  /** By redis' own clock, in milliseconds: those of the machines may differ. */
  readonly atMs: number;
}

/** Who is there: each beats now and then, and who does not beat any more is not there. */
export class Register<Entry> {
  readonly #redis: Redis;
  readonly #key: string;

  constructor(redis: Redis, name: string) {
    this.#redis = redis;
    this.#key = `${PREFIX}:${name}`;
  }

  async beat(id: string, entry: Entry): Promise<void> {
    const beat: Beat<Entry> = { entry, atMs: await this.#now() };
    await this.#redis.multi().hset(this.#key, id, JSON.stringify(beat)).expire(this.#key, KEPT_S).exec();
  }

  async remove(id: string): Promise<void> {
    await this.#redis.hdel(this.#key, id);
  }

  async alive(): Promise<Map<string, Entry>> {
    return this.#silentFor(0, ALIVE_MS);
  }

  /** Those that are there no more, and never said so. */
  async forgotten(): Promise<Map<string, Entry>> {
    return this.#silentFor(FORGOTTEN_MS, Infinity);
  }

  async #silentFor(leastMs: number, mostMs: number): Promise<Map<string, Entry>> {
    const [nowMs, texts] = [await this.#now(), await this.#redis.hgetall(this.#key)];
    const beats = Object.entries(texts).map(([id, text]) => [id, JSON.parse(text) as Beat<Entry>] as const);
    return new Map(beats.filter(([, { atMs }]) => nowMs - atMs >= leastMs && nowMs - atMs < mostMs).map(([id, { entry }]) => [id, entry]));
  }

  async #now(): Promise<number> {
    const [seconds, microseconds] = await this.#redis.time();
    return Number(seconds) * 1000 + Number(microseconds) / 1000;
  }
}
