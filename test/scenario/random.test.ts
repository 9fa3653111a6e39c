import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDocument } from "yaml";
import { Stream } from "../../sim/kernel/stream.ts";
import { InputError } from "../../sim/scenario/diagnostics.ts";
import { faultKinds } from "../../sim/scenario/format/index.ts";
import { parseScenario } from "../../sim/scenario/parse.ts";
import { parseDuration, parseDurationRange } from "../../sim/scenario/quantities.ts";
import { Dice } from "../../sim/scenario/random/dice.ts";
import { drawable } from "../../sim/scenario/random/kinds.ts";
import { drawSchedule, type DrawnFault, type RandomSettings } from "../../sim/scenario/random/schedule.ts";
import type { Scene } from "../../sim/scenario/random/victims.ts";
import { run } from "../../sim/scenario/run.ts";
import type { Scenario } from "../../sim/scenario/scenario.ts";
import { bundledContext } from "./bundled.ts";
import { mistakes } from "./support.ts";

const SECOND = 1_000_000_000;
const parse = (text: string, seed?: number): Scenario => parseScenario(text, { ...bundledContext, seed });

const scene: Scene = { nodes: ["n1", "n2", "n3", "n4", "n5"], zones: [], events: [], hasLeader: true, hasServiceTime: true, hasChecksum: true };
const settings: RandomSettings = {
  kinds: Object.keys(drawable),
  intensity: 0.3,
  phases: true,
  heal: "all",
  moments: true,
  fromNs: SECOND,
  untilNs: 21 * SECOND,
};
const drawn = (seed: number, more: Partial<RandomSettings> = {}, where: Scene = scene): DrawnFault[] => drawSchedule({ ...settings, ...more }, where, new Stream(`test/${seed}`), new Stream(`moments/${seed}`));

/** When a fault begins and, where it ends, ends. */
const spanOf = ({ at, between, for: lasts }: DrawnFault): readonly [from: number, until: number] => {
  if (between !== undefined) return [parseDuration(between[0]), parseDuration(between[1])];
  const from = parseDuration(at as string);
  return [from, lasts === undefined ? Infinity : from + parseDuration(lasts)];
};
const kindOf = (fault: DrawnFault): string => Object.keys(fault).find((key) => Object.hasOwn(drawable, key)) as string;

/** The share of the window in which at least one fault lasts. */
function coverage(schedule: readonly DrawnFault[], from: number, until: number): number {
  let covered = 0;
  let end = from;
  for (const [begins, ends] of schedule.map(spanOf)) {
    covered += Math.max(0, Math.min(ends, until) - Math.max(begins, end));
    end = Math.max(end, Math.min(ends, until));
  }
  return covered / (until - from);
}

const seeds = Array.from({ length: 300 }, (_, seed) => seed);
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("every kind of fault", () => {
  it("is drawn, but for `heal`, which would end what the others began, and `random` itself", () => {
    expect(Object.keys(faultKinds).filter((kind) => !Object.hasOwn(drawable, kind))).toEqual(["heal", "random"]);
  });

  it.each(Object.keys(drawable))("%s is drawn as a file would say it, 40 times", (kind) => {
    const { draw, lasting } = drawable[kind] as (typeof drawable)[string];
    const dice = new Dice(new Stream(kind));
    const all = Array.from({ length: 40 }, () => draw(dice, scene)).concat(lasting?.(["n2", "n4"]) ?? []);
    const items = all.map(({ value, beside }) => ({ at: "1s", for: "10ms", [kind]: value, ...beside }));
    const text = JSON.stringify({ version: 1, protocol: "raft", nodes: 5, cpu: { perMessage: "1us" }, faults: items });
    expect(parse(text).world.faults.map((fault) => fault.kind)).toEqual(items.map(() => kind));
  });

  it("is drawn for the smallest cluster that it makes sense in", () => {
    for (const nodes of [["n1"], ["n1", "n2"], ["n1", "n2", "n3"]]) {
      const small = { ...scene, nodes };
      const kinds = Object.keys(drawable).filter((kind) => drawable[kind]?.lacks?.(small) === undefined);
      const items = seeds.slice(0, 60).flatMap((seed) => drawn(seed, { kinds }, small));
      const text = JSON.stringify({ version: 1, protocol: "raft", nodes: nodes.length, duration: "30s", cpu: { perMessage: "1us" }, faults: items });
      expect(parse(text).world.faults).toHaveLength(items.length);
    }
  });
});

describe("a drawn schedule", () => {
  it("keeps within its window, and everything in it has ended by then", () => {
    for (const seed of seeds) {
      for (const phases of [true, false]) {
        const spans = drawn(seed, { phases }).map(spanOf);
        expect(Math.min(...spans.map(([from]) => from))).toBeGreaterThanOrEqual(SECOND);
        expect(Math.max(...spans.map(([, until]) => until))).toBeLessThanOrEqual(21 * SECOND);
        expect(spans.length).toBeGreaterThan(0);
      }
    }
  });

  it("is in order, and in whole milliseconds", () => {
    for (const seed of seeds) {
      const times = drawn(seed).map((fault) => spanOf(fault)[0]);
      expect(times).toEqual(times.slice().sort((a, b) => a - b));
      expect(times.filter((time) => time % 1_000_000 !== 0)).toEqual([]);
    }
  });

  it.each([0.1, 0.3, 0.6])("with phases and an intensity of %f has something wrong for that share of its time, on average over 300 seeds", (intensity) => {
    const shares = seeds.map((seed) => coverage(drawn(seed, { intensity }), SECOND, 21 * SECOND));
    expect(mean(shares)).toBeGreaterThan(intensity * 0.93);
    expect(mean(shares)).toBeLessThan(intensity * 1.07);
    // Each seed has an intensity of its own, around that one.
    expect(Math.min(...shares)).toBeLessThan(intensity * 0.7);
    expect(Math.max(...shares)).toBeGreaterThan(intensity * 1.3);
  });

  it.each([0.1, 0.3, 0.6])("and without phases too: %f", (intensity) => {
    const share = mean(seeds.map((seed) => coverage(drawn(seed, { intensity, phases: false }), SECOND, 21 * SECOND)));
    expect(share).toBeGreaterThan(intensity * 0.85);
    expect(share).toBeLessThan(intensity * 1.15);
  });

  it("has calm between the phases of trouble: gaps of half a second or more, in nine of ten seeds two of them", () => {
    const gaps = seeds.map((seed) => {
      let end = SECOND;
      let count = 0;
      for (const [from, until] of drawn(seed).map(spanOf)) {
        if (from - end >= SECOND / 2) count += 1;
        end = Math.max(end, until);
      }
      return count;
    });
    expect(gaps.filter((count) => count >= 2).length).toBeGreaterThan(270);
  });

  it("switches whole kinds on and off: each is missing in half of the seeds or more, and is there in many", () => {
    const kinds = seeds.map((seed) => new Set(drawn(seed).map(kindOf)));
    for (const kind of Object.keys(drawable)) {
      const share = kinds.filter((some) => some.has(kind)).length / seeds.length;
      expect([kind, share > 0.2, share < 0.55]).toEqual([kind, true, true]);
    }
  });

  it("strikes nodes by name and by selectors", () => {
    const text = seeds.map((seed) => JSON.stringify(drawn(seed))).join("");
    for (const word of ["n1", "n5", "leader", "follower", "random", "minority", "majority", "all", "rest"]) expect(text).toContain(`"${word}"`);
    const alone = seeds.map((seed) => JSON.stringify(drawn(seed, {}, { ...scene, hasLeader: false }))).join("");
    expect(alone).not.toContain("leader");
  });

  it("has some series of short faults, each of which has room for four occurrences or more", () => {
    const series = seeds.flatMap((seed) => drawn(seed)).filter(({ every }) => every !== undefined);
    expect(series.length).toBeGreaterThan(seeds.length / 2);
    for (const fault of series) {
      const [from, until] = spanOf(fault);
      expect((until - from) / parseDurationRange(fault.every as string)[1]).toBeGreaterThanOrEqual(3.9);
      expect(parseDurationRange(fault.for as string)[1]).toBeLessThanOrEqual(parseDurationRange(fault.every as string)[0]);
    }
  });

  it("of one kind has that kind alone", () => {
    for (const seed of seeds.slice(0, 50)) expect(new Set(drawn(seed, { kinds: ["pause"] }).map(kindOf))).toEqual(new Set(["pause"]));
  });

  it("stays short of what a file may hold, however long the run: a day has fewer than 1,500 faults", () => {
    const long = seeds.slice(0, 20).map((seed) => drawn(seed, { intensity: 0.6, untilNs: 86_400 * SECOND }).length);
    expect(Math.max(...long)).toBeLessThan(1_500);
  });
});

describe("a schedule for a protocol that has events", () => {
  const events = ["election.won", "entry.committed"];
  const aimed = (seed: number, more: Partial<RandomSettings> = {}): DrawnFault[] => drawn(seed, more, { ...scene, events });
  const waiting = (schedule: readonly DrawnFault[]): DrawnFault[] => schedule.filter(({ when }) => when !== undefined);

  it("has faults that wait for one of them in about half of the seeds, and there for a fifth to seven tenths of all", () => {
    const shares = seeds.map((seed) => waiting(aimed(seed)).length / aimed(seed).length);
    const some = shares.filter((share) => share > 0);
    expect(some.length).toBeGreaterThan(120);
    expect(some.length).toBeLessThan(165);
    expect(mean(some)).toBeGreaterThan(0.25);
    expect(mean(some)).toBeLessThan(0.5);
    expect(new Set(seeds.flatMap((seed) => waiting(aimed(seed)).map(({ when }) => when)))).toEqual(new Set(events));
  });

  it("is the schedule without events but for those: the same kinds strike the same nodes, and what has a time has the same", () => {
    const bare = ({ at: _, when: __, nth: ___, after: ____, between: _____, for: ______, ...rest }: DrawnFault): object => rest;
    for (const seed of seeds.slice(0, 100)) {
      const [with_, without] = [aimed(seed), drawn(seed)];
      expect(with_.map(bare)).toEqual(without.map(bare));
      expect(with_.filter(({ when }) => when === undefined)).toEqual(without.filter((_, at) => with_[at]?.when === undefined));
      expect(aimed(seed, { moments: false })).toEqual(without);
    }
  });

  it("keeps within its window all the same, and each that waits lasts for half of its own window at most", () => {
    for (const seed of seeds) {
      for (const heal of ["all", "quorum"] as const) {
        for (const fault of waiting(aimed(seed, { heal }))) {
          const [from, until] = spanOf(fault);
          expect([from >= SECOND, until <= 21 * SECOND]).toEqual([true, true]);
          expect(2 * parseDuration(fault.for as string)).toBeLessThanOrEqual(until - from);
          expect(parseDuration(fault.for as string)).toBeGreaterThanOrEqual(20_000_000);
        }
      }
    }
  });

  it("waits with nothing that lies in wait by itself, with no series, and with no restart where somebody is to stay down", () => {
    for (const seed of seeds) {
      for (const fault of waiting(aimed(seed, { heal: "quorum" }))) expect([fault["amid"], fault.every, fault["restart"]]).toEqual([undefined, undefined, undefined]);
    }
  });

  it("waits mostly for the next occurrence, and mostly for no more than 10 ms after it", () => {
    const all = seeds.flatMap((seed) => waiting(aimed(seed)));
    const shareOf = (is: (fault: DrawnFault) => boolean): number => all.filter(is).length / all.length;
    expect(Math.abs(shareOf(({ nth }) => nth === undefined) - 0.7)).toBeLessThan(0.06);
    expect(Math.abs(shareOf(({ after }) => after === undefined) - 0.4)).toBeLessThan(0.06);
    expect(Math.max(...all.map(({ nth = 1 }) => nth))).toBeLessThanOrEqual(30);
    expect(Math.max(...all.map(({ after = "0s" }) => parseDuration(after)))).toBeLessThanOrEqual(SECOND / 10);
  });

  it("strikes in runs: most of Raft's waits for an election or a commit find one, and nothing is under way when the calm begins", () => {
    let [waits, struck] = [0, 0];
    for (let seed = 1; seed <= 8; seed += 1) {
      const { result } = run(parse("version: 1\nprotocol: raft\nnodes: 3\nduration: 8s\nworkload: { clients: 1, rate: 30/s }\nfaults: [{ random: { intensity: 60%, kinds: [crash, isolate, pause] } }]\nexpect: { progress: { within: 2s } }", seed));
      const list = (result.schedule ?? []) as readonly DrawnFault[];
      waits += waiting(list).length;
      struck += result.faults.length - list.filter(({ when, every }) => when === undefined && every === undefined).length;
      const last = Math.max(...result.faults.filter((fault) => !("amid" in fault)).map(({ untilNs }) => untilNs ?? Infinity));
      expect([seed, last <= 6 * SECOND]).toEqual([seed, true]);
      expect(result.verdict).toBe("pass");
    }
    expect(waits).toBeGreaterThan(5);
    expect(struck).toBeGreaterThan(waits / 3);
  });
});

describe("`heal: quorum`", () => {
  const quorum = seeds.map((seed) => drawn(seed, { heal: "quorum" }));

  it("leaves two of five nodes broken to the end, which began to be so within the window, and never a third", () => {
    const brokenIn = (schedule: readonly DrawnFault[]): readonly string[] =>
      schedule.filter((fault) => fault.for === undefined).flatMap((fault) => {
        const value = fault[kindOf(fault)] as readonly unknown[];
        return kindOf(fault) === "partition" ? (value[0] as string[]) : (value as string[]);
      });
    expect(new Set(quorum.map((schedule) => brokenIn(schedule).length))).toEqual(new Set([2]));
    expect(new Set(quorum.flatMap(brokenIn))).toEqual(new Set(scene.nodes));
    for (const schedule of quorum) for (const fault of schedule) expect(spanOf(fault)[0]).toBeLessThan(21 * SECOND);
  });

  it("takes them out by kinds that do so, and starts none of them again", () => {
    const lasting = quorum.map((schedule) => schedule.filter((fault) => fault.for === undefined));
    expect([...new Set(lasting.flat().map(kindOf))].sort()).toEqual(Object.keys(drawable).filter((kind) => drawable[kind]?.lasting !== undefined).sort());
    for (const schedule of quorum) {
      const first = schedule.findIndex((fault) => fault.for === undefined);
      expect(schedule.slice(first).map(kindOf)).not.toContain("restart");
    }
  });
});

/** Scenarios with a random schedule, as JSON: protocols, sizes, windows, settings. */
const scenarios: fc.Arbitrary<{ readonly faults: readonly object[]; readonly [key: string]: unknown }> = fc.record({
  version: fc.constant(1),
  protocol: fc.constantFrom("raft", "lww-register"),
  nodes: fc.integer({ min: 3, max: 6 }),
  duration: fc.constant("4s"),
  workload: fc.record({ clients: fc.integer({ min: 1, max: 3 }), rate: fc.constant("60/s") }),
  faults: fc
    .tuple(
      fc.record({
        random: fc.record(
          {
            kinds: fc.constantFrom(["crash", "pause"], ["partition", "isolate", "slow"], ["crash", "flaky", "duplicate", "skew"]),
            intensity: fc.constantFrom("20%", "50%", "100%"),
            phases: fc.boolean(),
            heal: fc.constantFrom("all", "quorum"),
            moments: fc.boolean(),
          },
          { requiredKeys: ["heal"] },
        ),
      }),
      fc.constantFrom({}, { between: ["500ms", "2500ms"] }, { at: "1s", for: "1s..2s" }, { name: "storm" }),
      fc.constantFrom([], [{ at: "1s", for: "500ms", isolate: "leader" }], [{ every: "400ms", between: ["100ms", "3s"], for: "100ms", crash: "random" }]),
    )
    .map(([random, more, written]): object[] => [...written, { ...random, ...more }]),
  expect: fc.constantFrom({ invariants: "off" }, { invariants: "off", progress: { within: "500ms" } }),
});

const digestOf = (scenario: Scenario): string => run(scenario).result.digest;

describe("a scenario with a random schedule", () => {
  it("is the scenario that has the drawn list in its place: the same faults in all particulars, and the same digest", () => {
    fc.assert(
      fc.property(scenarios, fc.nat(), (scenario, seed) => {
        const random = parse(JSON.stringify(scenario), seed);
        const explicit = { ...scenario, seed, faults: random.random?.schedule };
        const written = parse(JSON.stringify(explicit));
        expect(written.world).toEqual(random.world);
        expect(written.random).toBeUndefined();
        expect(digestOf(written)).toBe(digestOf(random));
      }),
      { numRuns: 25, seed: 4 },
    );
  });

  it("leaves a source and a schedule from which its run can be had again", () => {
    fc.assert(
      fc.property(scenarios, fc.nat(), (scenario, seed) => {
        const first = run(parse(JSON.stringify(scenario), seed)).result;
        const again = parse(parse(JSON.stringify(scenario), seed).source);
        expect(run(again).result.digest).toBe(first.digest);
        expect(first.schedule?.length).toBe(again.world.faults.length);
        expect(run(again).result.schedule).toBeUndefined();
      }),
      { numRuns: 15, seed: 5 },
    );
  });

  it("draws the same whatever else goes wrong, however the file is written, and whatever the item is called", () => {
    const settled = "version: 1\nprotocol: raft\nduration: 20s\nseed: 9\n";
    const listOf = (text: string): readonly object[] => (parse(settled + text).random?.schedule ?? []).filter((fault) => !Object.hasOwn(fault, "heal"));
    const plain = listOf("faults: [{ random: { kinds: [crash, slow], intensity: 40% } }]");
    expect(plain.length).toBeGreaterThan(3);
    expect(listOf("faults:\n  - { at: 15s, heal: all }\n  # more\n  - random:\n      intensity: 40%\n      kinds: [crash, slow]\n").length).toBe(plain.length);
    expect(listOf("faults:\n  - random: { kinds: [ 'crash', \"slow\" ], intensity: 40% } # a storm\n  - { at: 1s, heal: all }\n")).toEqual(plain);
    expect(listOf("faults: [{ name: storm, random: { kinds: [crash, slow], intensity: 40% } }]")).toEqual(plain.map((fault) => ({ name: "storm", ...fault })));
  });

  it("draws another list for another seed, and for a second item that is the same", () => {
    const text = "version: 1\nprotocol: raft\nduration: 20s\nfaults: [{ random: {} }, { random: {} }]";
    const lists = [1, 2].map((seed) => JSON.stringify(parse(text, seed).random?.schedule));
    expect(lists[0]).not.toBe(lists[1]);
    const [first, second] = [parse(text.replace(", { random: {} }", ""), 1), parse(text, 1)].map((scenario) => scenario.random?.schedule ?? []);
    expect(second?.slice(0, first?.length)).toEqual(first);
    expect(second?.slice(first?.length)).not.toEqual(first);
  });

  it("keeps the file's comments, anchors that others use, and its overrides", () => {
    const text = [
      "version: 1 # of the format",
      "protocol: raft",
      "duration: 20s",
      "network: { loss: 0% }",
      "faults:",
      "  # a storm",
      "  - random: { intensity: &much 40%, kinds: [flaky] }",
      "  # and then",
      "  - { at: 19s, flaky: { nodes: n1, loss: *much } } # the end",
    ].join("\n");
    const { source, world } = parseScenario(text, { ...bundledContext, seed: 3, overrides: [{ path: "nodes", value: "5" }] });
    for (const part of ["# of the format", "# a storm", "# and then", "# the end", "loss: 40%", "seed: 3", "nodes: 5"]) expect(source).toContain(part);
    expect(source).toMatch(/\n {2}# a storm\n {2}# \d+ drawn in the place of \{"random":\{"intensity":"40%","kinds":\["flaky"\]\}\}\n {2}- \{ at: /);
    expect(source).not.toContain("random:");
    expect(world.faults.at(-1)?.params.value).toMatchObject({ loss: 0.4 });
    expect(parseDocument(source).errors).toEqual([]);
  });

  it("counts what was drawn by kind, the most first", () => {
    const { random } = parse("version: 1\nprotocol: raft\nduration: 20s\nfaults: [{ at: 1s, crash: n1 }, { random: {} }]", 7);
    const counts = random?.kinds.map(({ count }) => count) ?? [];
    expect(counts).toEqual(counts.slice().sort((a, b) => b - a));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe((random?.schedule.length ?? 0) - 1);
  });
});

/** The last moment at which a random schedule changes anything, in seconds of a run of the longest sort. */
const lastOf = (text: string): number => {
  const spans = (parse(`version: 1\nprotocol: raft\nseed: 2\n${text}`).random?.schedule as DrawnFault[]).map(spanOf);
  return Math.max(...spans.map(([, until]) => until)) / SECOND;
};

describe("the last phase", () => {
  it("is as long as `progress` asks for", () => {
    expect(lastOf("duration: 20s\nfaults: [{ random: {} }]\nexpect: { progress: { within: 7s } }")).toBe(13);
  });

  it("is a fifth of the workload's time where nothing is said: from 2s to 12s it begins at 10s", () => {
    expect(lastOf("duration: 20s\nworkload: { from: 2s, until: 12s }\nfaults: [{ random: {} }]")).toBe(10);
  });

  it("leaves `converged` its time", () => {
    expect(lastOf("duration: 20s\nfaults: [{ random: {} }]\nexpect: { progress: { within: 7s }, converged: { within: 2s } }")).toBe(11);
  });

  it("begins where the item's own window ends", () => {
    expect(lastOf("duration: 20s\nfaults: [{ between: [3s, 8s], random: {} }]")).toBe(8);
    expect(lastOf("duration: 20s\nfaults: [{ at: 3s, for: 4s, random: {} }]")).toBe(7);
  });
});

/** What the clients saw and when the faults that did something ended, held against the metric: an independent way to the same figure. */
it("recovery.time is the time from the last end or lasting beginning of a fault to the last first answer, by the history", () => {
  for (let seed = 1; seed <= 12; seed += 1) {
    const heal = seed % 2 === 0 ? "quorum" : "all";
    const text = `version: 1\nprotocol: raft\nnodes: 5\nduration: 8s\nworkload: { rate: 60/s }\nfaults: [{ random: { heal: ${heal}, intensity: 50% } }]\nexpect: { progress: { within: 2s } }`;
    const { result, history } = run(parse(text, seed));
    const since = Math.max(...result.faults.filter(({ did }) => did).map(({ fromNs, untilNs }) => untilNs ?? fromNs));
    const open = new Map<number, number>();
    const answered = new Map<string, number>();
    for (const { type, process, client, time, error } of history) {
      if (type === "invoke") open.set(process, time);
      else if ((type === "ok" || error === "mismatch") && (open.get(process) as number) > since && !answered.has(client)) answered.set(client, time);
    }
    expect(answered.size).toBe(3);
    expect([seed, result.metrics["recovery.timeNs"]]).toEqual([seed, Math.max(...answered.values()) - since]);
    expect(result.expectations.map(({ verdict }) => verdict)).toEqual(["pass", "pass"]);
  }
});

describe("what contradicts itself", () => {
  it.each([
    ["an unknown kind", "faults: [{ random: { kinds: [crsh] } }]", expect.stringMatching(/^3:30 expected partition, .* or misdirected, found `crsh`, did you mean `crash`\?$/)],
    ["what ends the others", "faults: [{ random: { kinds: [heal] } }]", expect.stringMatching(/^3:30 expected .*, found `heal`/)],
    ["an unknown key", "faults: [{ random: { kind: [crash] } }]", "3:22 unknown key `kind`, did you mean `kinds`?"],
    ["a kind twice", "faults: [{ random: { kinds: [crash, crash] } }]", "3:37 `crash` stands twice"],
    ["no kinds", "faults: [{ random: { kinds: [] } }]", "3:29 an empty list leaves nothing to draw from"],
    ["kinds that are no list", "faults: [{ random: { kinds: crash } }]", "3:29 expected a list, found `crash`"],
    ["an intensity of nothing", "faults: [{ random: { intensity: 0% } }]", "3:33 with an intensity of 0% nothing is drawn"],
    ["an intensity without a percent sign", "faults: [{ random: { intensity: 0.3 } }]", "3:33 a share needs a percent sign: 1%, 0.5%"],
    ["phases that are neither", "faults: [{ random: { phases: some } }]", "3:30 expected true or false, found `some`"],
    ["a misspelt healing", "faults: [{ random: { heal: quorm } }]", "3:28 expected all or quorum, found `quorm`, did you mean `quorum`?"],
    ["nothing at all", "faults: [{ random: }]", "3:12 expected a map of keys and values, found nothing"],
    ["a kind that nothing here can suffer", "faults: [{ random: { kinds: [slowCpu] } }]", "3:30 `slowCpu` needs a service time, `cpu: { perMessage: 1ms }`"],
    ["a ring of two", "nodes: 2\nfaults: [{ random: { kinds: [ring] } }]", "4:30 `ring` needs three nodes or more"],
    ["a series", "faults: [{ every: 1s, random: {} }]", "3:12 the key `every` does not belong here: `random` has times of its own"],
    ["an event to wait for", "faults: [{ when: election.won, random: {} }]", "3:12 the key `when` does not belong here: `random` has times of its own"],
    ["two windows", "faults: [{ at: 1s, between: [1s, 2s], random: {} }]", "3:12 `between` and `at` exclude each other"],
    ["a window beyond the run", "faults: [{ between: [5s, 12s], random: {} }]", "3:21 this window ends at 12s; the run ends at 10s"],
    ["a beginning beyond the run", "faults: [{ at: 10s, random: {} }]", "3:16 this fault would begin at 10s; the run ends at 10s"],
    ["an end beyond it", "faults: [{ at: 9s, for: 2s, random: {} }]", "3:25 this schedule would end at 11s; the run ends at 10s"],
    ["a window of a moment", "faults: [{ between: [5s, 5010ms], random: {} }]", "3:21 this schedule has only 10ms, from 5s to 5.01s"],
    [
      "no time before the calm",
      "duration: 5s\nfaults: [{ random: {} }]\nexpect: { progress: true }",
      "4:10 this schedule has no time, from 0s to 0s",
    ],
    [
      "no time for the calm itself",
      "duration: 4s\nfaults: [{ random: {} }]\nexpect: { progress: true }",
      "5:21 `progress` needs 5s of the workload after the workload's beginning at 0s; the workload ends at 4s",
    ],
    [
      "a window that leaves progress no time",
      "faults: [{ between: [1s, 8s], random: {} }]\nexpect: { progress: true }",
      "4:21 `progress` needs 5s of the workload after the end of a random schedule at 8s; the workload ends at 10s",
    ],
    [
      "a window that leaves convergence no time",
      "workload: { until: 9s }\nfaults: [{ between: [1s, 9.5s], random: {} }]\nexpect: { converged: true }",
      "5:22 `converged` needs 1s after the end of a random schedule at 9.5s; the run ends at 10s",
    ],
    ["a majority of two", "nodes: 2\nfaults: [{ random: { heal: quorum } }]", "4:28 a majority of 2 nodes is all of them: nothing could stay broken"],
    ["a quorum by kinds that take nobody out", "faults: [{ random: { kinds: [slow], heal: quorum } }]", "3:43 `heal: quorum` needs a kind that takes a node out for good"],
    [
      "two quorums",
      "faults: [{ random: { heal: quorum } }, { random: { heal: quorum } }]",
      "3:58 a second schedule with `heal: quorum`: nobody says that the two majorities are the same",
    ],
    [
      "agreement of what stays broken",
      "faults: [{ random: { heal: quorum } }]\nexpect: { converged: true }",
      "4:22 `converged` asks all running nodes to agree; with `heal: quorum` some stay broken",
    ],
  ])("%s", (_what, text, ...expected) => expect(mistakes(text)).toEqual(expected));

  it("a duration that would suffice does", () => {
    const text = "faults: [{ random: {} }]\nexpect: { progress: true }";
    try {
      parse(`version: 1\nprotocol: raft\nduration: 5s\n${text}`);
      expect.unreachable();
    } catch (error) {
      const [first] = (error as InputError).diagnostics;
      const cure = /`(duration: .*)` would suffice/.exec(first?.hint ?? "")?.[1];
      expect(cure).toBe("duration: 5.1s");
      expect(parse(`version: 1\nprotocol: raft\n${cure}\n${text}`).random?.schedule.length).toBeGreaterThan(0);
    }
  });
});
