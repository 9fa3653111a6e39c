/**
 * A node with a service time is the server of queueing theory: Poisson arrivals of clients' requests, exponential service,
 * c cores. Its waiting times are held against the closed forms of L. Kleinrock, “Queueing Systems”, vol. 1 (1975).
 */
import { describe, expect, test } from "vitest";
import { sampler, type Distribution } from "../../sim/kernel/distribution.ts";
import { Streams } from "../../sim/kernel/stream.ts";
import { seconds, us } from "../../sim/kernel/time.ts";
import type { TraceEvent, TraceSink } from "../../sim/trace/event.ts";
import type { CpuConfig } from "../../sim/world/config.ts";
import { World } from "../../sim/world/world.ts";
import { config, constant, puppet } from "./build.ts";

/** Arrivals a second. */
const LAMBDA = 1_000;

/** What the requests of one run met. Those of the first tenth of it are left out: the queue begins empty. */
class Watched implements TraceSink {
  requests = 0;
  /** How many had to wait, were shed, and how long they waited in all, without service. Nanoseconds. */
  waits = 0;
  shed = 0;
  waitedNs = 0;
  served = 0;
  /** How many others each found waiting. */
  found = 0;
  readonly #fromNs: number;
  readonly #came = new Map<number, { readonly at: number; readonly demand: number }>();
  readonly #demand: () => number;

  constructor(fromNs: number, demand: () => number) {
    this.#fromNs = fromNs;
    this.#demand = demand;
  }

  event(event: TraceEvent): void {
    if (event.kind === "send" && event.node === 1) {
      // A request takes no time on its way, so it is there now, and draws its service time.
      const demand = this.#demand();
      if (event.time < this.#fromNs) return;
      this.requests += 1;
      this.#came.set(event.message, { at: event.time, demand });
      return;
    }
    const came = event.node === 0 ? this.#came.get(event.message) : undefined;
    if (came === undefined) return;
    if (event.kind === "arrive") {
      this.waits += 1;
      this.found += event.queue - 1;
    } else if (event.kind === "drop") this.shed += 1;
    else if (event.kind === "deliver") {
      this.waitedNs += event.time - came.at - came.demand;
      this.served += 1;
    }
    if (event.kind !== "arrive") this.#came.delete(event.message);
  }
}

/** A run of one node, whose only client asks so often and is answered at once. */
function queue(seed: number, requests: number, serviceNs: number, cpu: Omit<CpuConfig, "perMessage">): Watched {
  const perMessage: Distribution = { type: "exponential", mean: serviceNs };
  const duration = seconds(requests / LAMBDA);
  const workload = { clients: 1, rate: LAMBDA, timeout: seconds(1), retry: { enabled: false, after: 1, backoff: 1, max: 1, jitter: 0 }, operations: [{ f: "read", weight: 1 }], network: { latency: constant(0) } };
  const stream = new Streams(seed).get("cpu/n1");
  const draw = sampler(perMessage);
  const watched = new Watched(duration / 10, () => draw(stream));
  new World(config({ seed, nodes: 1, duration, cpu: { perMessage, ...cpu }, workload }), puppet({}), { sinks: [watched], watches: false }).runUntil(duration);
  return watched;
}

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));

/** The chance that all of c servers are busy when something comes, the load being a = λ/μ: Erlang's C, Kleinrock §3.5, (3.40). */
function erlangC(c: number, a: number): number {
  const all = (a ** c / factorial(c)) * (c / (c - a));
  const fewer = Array.from({ length: c }, (_, k) => a ** k / factorial(k)).reduce((sum, term) => sum + term, 0);
  return all / (fewer + all);
}

/** Within 2 %. */
function near(measured: number, expected: number): void {
  expect(Math.abs(measured / expected - 1)).toBeLessThan(0.02);
}

describe("M/M/1: λ = 1000/s, μ = 2000/s, ρ = 0.5 (Kleinrock §3.2)", () => {
  const run = queue(1, 300_000, us(500), { cores: 1 });

  test("the mean time in the queue is ρ/(μ - λ): 500 µs", () => {
    near(run.waitedNs / run.served, us(500));
  });

  test("a request waits with the chance ρ: 0.5, as Poisson arrivals see time averages", () => {
    near(run.waits / run.requests, 0.5);
  });

  test("and finds ρ²/(1 - ρ) others waiting: 0.5, which is λ times the time in the queue, Little's law", () => {
    near(run.found / run.requests, 0.5);
    near(run.found / run.requests, (LAMBDA * run.waitedNs) / run.served / seconds(1));
  });
});

describe("M/M/3: λ = 1000/s, μ = 1/(2.1 ms), ρ = 0.7 (Kleinrock §3.5)", () => {
  const a = 2.1;
  const run = queue(1, 300_000, us(2_100), { cores: 3 });

  test("Erlang's C itself is as worked by hand: C(3, 2) = 4/9, C(2, 1) = 1/3, C(1, ρ) = ρ", () => {
    expect(erlangC(3, 2)).toBeCloseTo(4 / 9, 12);
    expect(erlangC(2, 1)).toBeCloseTo(1 / 3, 12);
    expect(erlangC(1, 0.5)).toBeCloseTo(0.5, 12);
  });

  test("a request waits with the chance C(3, 2.1): 0.4923", () => {
    expect(erlangC(3, a)).toBeCloseTo(0.4923, 4);
    near(run.waits / run.requests, erlangC(3, a));
  });

  test("the mean time in the queue is C/(cμ - λ): 1.149 ms", () => {
    near(run.waitedNs / run.served, erlangC(3, a) * (1 / (3 / us(2_100) - LAMBDA / seconds(1))));
  });

  test("and it finds C ρ/(1 - ρ) others waiting: 1.149", () => {
    near(run.found / run.requests, (erlangC(3, a) * 0.7) / 0.3);
  });
});

describe("M/M/1/K: what finds the system full is shed (Kleinrock §3.6)", () => {
  /** (1 - ρ) ρ^K / (1 - ρ^(K+1)) */
  const blocked = (rho: number, k: number): number => ((1 - rho) * rho ** k) / (1 - rho ** (k + 1));

  test("ρ = 0.8, K = 5, one of them served: 8.88 % are shed", () => {
    expect(blocked(0.8, 5)).toBeCloseTo(0.0888, 4);
    const run = queue(2, 300_000, us(800), { cores: 1, inbox: 4 });
    near(run.shed / run.requests, blocked(0.8, 5));
  });

  test("ρ = 1.5, K = 3: overloaded, 41.5 % are shed", () => {
    expect(blocked(1.5, 3)).toBeCloseTo(0.4154, 4);
    const run = queue(3, 100_000, us(1_500), { cores: 1, inbox: 2 });
    near(run.shed / run.requests, blocked(1.5, 3));
  });

  test("no place to wait, three cores, a load of 2: Erlang's B sheds 21.05 % (§3.7)", () => {
    const run = queue(4, 100_000, us(2_000), { cores: 3, inbox: 0 });
    near(run.shed / run.requests, 2 ** 3 / factorial(3) / [0, 1, 2, 3].reduce((sum, k) => sum + 2 ** k / factorial(k), 0));
  });
});
