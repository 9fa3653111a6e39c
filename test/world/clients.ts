/** Short ways to what clients do: protocols that answer as a test says, workloads, and what was seen of them. */
import { ms } from "../../sim/kernel/time.ts";
import { defineProtocol, type AnyProtocol, type Ctx, type Reply, type Request } from "../../sim/protocol.ts";
import type { TraceEvent } from "../../sim/trace/event.ts";
import type { RetryConfig, WorkloadConfig } from "../../sim/world/config.ts";
import { constant, run, type Recording } from "./build.ts";

export type Answer = (request: Request, ctx: Ctx<never, string>) => Reply | undefined;

/** A protocol that answers every request as one function says; undefined: not at all. */
export function answering(answer: Answer, parts: Partial<AnyProtocol> = {}): AnyProtocol {
  const handle = (_: unknown, request: Request, ctx: any): void => {
    const reply = answer(request, ctx);
    if (reply !== undefined) ctx.reply(request, reply);
  };
  return defineProtocol<object>({ name: "answering", boot: () => ({}), onMessage: {} as never, onRequest: { read: handle, write: handle, cas: handle, add: handle }, ...parts } as never);
}

export const ok: Answer = ({ f }) => (f === "read" ? { type: "ok", value: 7 } : { type: "ok" });
export const silent: Answer = () => undefined;
export const quick = { latency: constant(0), loss: 0, duplicate: 0, corrupt: 0, checksum: true, fifo: false };
export const retry: RetryConfig = { enabled: true, after: ms(200), backoff: ms(10), max: ms(500), jitter: 0 };
export const once: RetryConfig = { ...retry, enabled: false };
export const only = (...fs: string[]): Pick<WorkloadConfig, "operations"> => ({ operations: fs.map((f) => ({ f, weight: 1 })) });
export const closed = (think: number, more: Partial<WorkloadConfig> = {}): Partial<WorkloadConfig> => ({ clients: 1, think: constant(think), ...more });
export const openLoop = (rate: number, more: Partial<WorkloadConfig> = {}): Partial<WorkloadConfig> => ({ clients: 1, rate, ...more });

export const play = (answer: Answer, workload: Partial<WorkloadConfig>, more: object = {}): Recording => run(answering(answer), { workload, ...more }).seen;
export const history = (seen: Recording): TraceEvent[] => seen.of("invoke", "ok", "fail", "info");
/** The attempts of all operations: when each left, and for whom. */
export const attempts = (seen: Recording): [at: number, to: string][] => seen.of("send").filter(({ name }) => name !== "reply").map(({ time, peer }) => [time, `n${peer + 1}`]);
