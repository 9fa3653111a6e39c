/** Disks that are full, fail, lie and rot, and what nodes hear and see of it. */
import { describe, expect, test } from "vitest";
import { ms } from "../../sim/kernel/time.ts";
import type { AnyProtocol, Ctx, DiskError, Protocol, Recovery, Value } from "../../sim/protocol.ts";
import { build, constant, fault, heard, isNear, lives, note, puppet, Recording, run, type Act } from "./build.ts";
import { busy, trouble } from "./busy.ts";

const save = (x: number): Act => (state, ctx) => ((state.x = x), ctx.persist());
const send = (text: Value): Act => (_, ctx) => ctx.send("n2", note(text));
const append = (...entries: Value[]): Act => (_, ctx) => entries.forEach((entry) => ctx.disk.append("wal", entry));
const sync = (token: Value = null): Act => (_, ctx) => ctx.disk.sync(token);
const all = (...acts: Act[]): Act => (state, ctx) => acts.forEach((act) => act(state, ctx));
const tell: Act = (state, ctx) => ctx.emit("told", { x: state.x ?? null, wal: ctx.disk.read("wal").slice() });

type Script = readonly (readonly [number, Act])[];
type Faults = readonly ReturnType<typeof fault>[];
type OnDiskError = (state: any, error: DiskError, ctx: Ctx<any, any>) => void;

const parts = { durable: ["x"], boot: () => ({ x: 0 }) };
/** Syncs take 1 ms. */
const see = (script: Script, faults: Faults, more: Partial<Protocol> = {}): Recording => run(puppet({ n1: script }, { ...parts, ...more }), { nodes: 2, faults }).seen;
const told = (seen: Recording): unknown[] => seen.of("emit").filter(({ name }) => name === "told").map(({ data }) => data);
const hears = (onDiskError: OnDiskError): Partial<Protocol> => ({ onDiskError });
const nothing = hears(() => {});
const retries = hears((_, __, ctx) => ctx.persist());
const errors = (seen: Recording): unknown[] => seen.of("diskError").map(({ time, name, reason, fault: by }) => [time / ms(1), name, reason, by]);
const crashAt = (at: number): ReturnType<typeof fault> => fault("crash", "n1", { at: ms(at), for: ms(1) });

describe("diskFull", () => {
  const full = (at: number, lasts: number): ReturnType<typeof fault> => fault("diskFull", "n1", { at: ms(at), for: ms(lasts) });

  test("nothing of a save is kept, the node hears write full 1 ms later, and what it sent after it is held", () => {
    const seen = see([[ms(5), all(save(1), send("held"))], [ms(20), tell]], [full(4, 50), crashAt(10)], nothing);
    expect(errors(seen)).toEqual([[6, "write", "full", 0]]);
    expect(seen.of("persist", "synced")).toEqual([]);
    expect(heard(seen, 1)).toEqual([]);
    expect(told(seen)).toEqual([{ x: 0, wal: [] }]);
  });

  test("a node that saves again until there is space sends when that is durable: asked at 5, 6, 7 and 8 ms, space at 7.5, sent at 9 ms", () => {
    const seen = see([[ms(5), all(save(1), send("late"))]], [full(4, 3.5)], retries);
    expect(errors(seen).map((error) => (error as number[])[0])).toEqual([6, 7, 8]);
    expect(heard(seen, 1)).toEqual([["late", ms(10)]]);
  });

  test("the second save of one handler is refused as the first is: nothing is released", () => {
    const seen = see([[ms(5), all(save(1), (_, ctx) => ctx.persist(), send("held"))]], [full(4, 50)], nothing);
    expect([errors(seen).length, heard(seen, 1)]).toEqual([1, []]);
  });

  test("a save that was under way before is durable at its time, and releases what waited for it alone: before at 5 ms", () => {
    const seen = see([[ms(4), all(save(1), send("before"))], [ms(4.75), all(save(2), send("after"))]], [full(4.5, 50)], nothing);
    expect(heard(seen, 1)).toEqual([["before", ms(6)]]);
  });

  test("a sync of something else releases nothing that waits for a save in vain; the next save does: 15 ms", () => {
    const seen = see([[ms(5), all(save(1), send("held"))], [ms(8), all(append(1), sync())], [ms(13), save(2)]], [full(4, 3)], nothing);
    expect([seen.of("synced").map(({ time }) => time), heard(seen, 1)]).toEqual([[ms(9), ms(14)], [["held", ms(15)]]]);
  });

  test("an append is refused, and a cut is not: [1] of [1, 2], and then 3 finds no space", () => {
    const cut: Act = (_, ctx) => ctx.disk.truncate("wal", 1);
    const seen = see([[ms(1), append(1, 2)], [ms(5), all(cut, append(3))], [ms(9), tell]], [full(4, 50)], nothing);
    expect(told(seen)).toEqual([{ x: 0, wal: [1] }]);
    expect(errors(seen)).toEqual([[6, "write", "full", 0]]);
  });

  test("the error names its file, each once: a and b", () => {
    const files: unknown[] = [];
    const act: Act = (_, ctx) => ["a", "a", "b"].forEach((file) => ctx.disk.append(file, 1));
    see([[ms(5), act]], [full(4, 50)], hears((_, error) => void files.push(error)));
    expect(files).toEqual([{ operation: "write", reason: "full", file: "a" }, { operation: "write", reason: "full", file: "b" }]);
  });

  test("a sync that is asked for behind an append in vain confirms nothing, and one after its error does: b", () => {
    const onSynced = (_: unknown, token: Value, ctx: Ctx): void => ctx.emit("synced", { token });
    const seen = see([[ms(5), all(append(1), sync("a"))], [ms(8), sync("b")]], [full(4, 50)], { ...nothing, onSynced } as never);
    expect(seen.of("emit").map(({ data }) => data)).toEqual([{ token: "b" }]);
  });

  test("a sync that is asked for behind a save in vain says so when a later save is durable, and not before: at 14 ms", () => {
    const onSynced = (_: unknown, token: Value, ctx: Ctx): void => ctx.emit("synced", { token });
    const seen = see([[ms(5), all(save(1), sync("a"))], [ms(13), save(2)]], [full(4, 3)], { ...nothing, onSynced } as never);
    expect(seen.of("emit").map(({ time, data }) => [time / ms(1), data])).toEqual([[14, { token: "a" }]]);
  });

  test("a protocol that hears nothing of disks stops, says why, and starts when the fault ends: 6 and 54 ms", () => {
    const seen = see([[ms(5), save(1)]], [full(4, 50)]);
    expect(lives(seen, 0)).toEqual([["boot", 0], ["crash", ms(6)], ["boot", ms(54)]]);
    expect(seen.of("crash").map(({ reason, fault: by }) => [reason, by])).toEqual([["a write found no space", 0]]);
  });

  test("one that hears of it when the fault is over already starts again at once: 6 ms", () => {
    const seen = see([[ms(5), save(1)]], [full(4, 1.5)]);
    expect(lives(seen, 0)).toEqual([["boot", 0], ["crash", ms(6)], ["boot", ms(6)]]);
  });
});

describe("diskError", () => {
  const error = (at: number, lasts: number, more: { pages?: "dirty" | "clean"; rate?: number } = {}): ReturnType<typeof fault> =>
    fault("diskError", "n1", { at: ms(at), for: ms(lasts), ...more });

  test("a sync that has something to write fails when it is done, and what waits for it goes on waiting", () => {
    const seen = see([[ms(5), all(save(1), send("held"))]], [error(4, 50)], nothing);
    expect(errors(seen)).toEqual([[6, "sync", "failed", 0]]);
    expect(seen.of("synced")).toEqual([]);
    expect(heard(seen, 1)).toEqual([]);
  });

  test("one that has nothing to write does not", () => {
    expect(errors(see([[ms(5), sync()]], [error(4, 50)], nothing))).toEqual([]);
  });

  test("clean pages: the second sync is a success that releases what waits, and after a crash it is gone: 0", () => {
    const seen = see([[ms(5), all(save(1), send("trusting"))], [ms(9), tell], [ms(20), tell]], [error(4, 50, { pages: "clean" }), crashAt(10)], retries);
    expect(errors(seen).length).toBe(1);
    expect(heard(seen, 1)).toEqual([["trusting", ms(8)]]);
    expect(told(seen)).toEqual([{ x: 1, wal: [] }, { x: 0, wal: [] }]);
  });

  test("dirty pages: the sync fails until the fault ends at 8.5 ms, and then it is durable: 1", () => {
    const seen = see([[ms(5), all(save(1), send("late"))], [ms(20), tell]], [error(4, 4.5, { pages: "dirty" }), crashAt(12)], retries);
    expect(errors(seen).map((one) => (one as number[])[0])).toEqual([6, 7, 8]);
    expect(heard(seen, 1)).toEqual([["late", ms(10)]]);
    expect(told(seen)).toEqual([{ x: 1, wal: [] }]);
  });

  test("clean pages: what is lost is seen where it happens, each write by itself and by its fault; dirty ones lose nothing", () => {
    const lost = (pages: "clean" | "dirty"): unknown =>
      see([[ms(5), all(append(2, 3), save(1))]], [error(4, 3, { pages })], nothing).of("damage").map(({ time, node, fault: by, name, reason, data }) => [time / ms(1), node, by, name, reason, data]);
    expect(lost("clean")).toEqual([[6, 0, 0, "wal", "lost", { at: 0 }], [6, 0, 0, "wal", "lost", { at: 1 }], [6, 0, 0, "", "lost", {}]]);
    expect(lost("dirty")).toEqual([]);
  });

  test("clean is what is meant where nothing is said", () => {
    const faults = (more: object): unknown => see([[ms(5), save(1)], [ms(20), tell]], [error(4, 50, more), crashAt(10)], retries).events.map(({ kind, time }) => [kind, time]);
    expect(faults({})).toEqual(faults({ pages: "clean" }));
  });

  test("a later save of something else is written whole, clean pages or not: 2", () => {
    const seen = see([[ms(5), save(1)], [ms(8), save(2)], [ms(20), tell]], [error(4, 3), crashAt(12)], nothing);
    expect(told(seen)).toEqual([{ x: 2, wal: [] }]);
  });

  test("a file ends before the entry that was lost with clean pages, also where later ones were written: [1]", () => {
    const script: Script = [[ms(1), all(append(1), sync())], [ms(5), all(append(2), sync())], [ms(9), all(append(3), sync())], [ms(11), tell], [ms(20), tell]];
    const seen = see(script, [error(4, 3), crashAt(14)], nothing);
    expect(told(seen)).toEqual([{ x: 0, wal: [1, 2, 3] }, { x: 0, wal: [1] }]);
  });

  test("with dirty pages a later sync writes both: [1, 2, 3]", () => {
    const script: Script = [[ms(1), all(append(1), sync())], [ms(5), all(append(2), sync())], [ms(9), all(append(3), sync())], [ms(20), tell]];
    expect(told(see(script, [error(4, 3, { pages: "dirty" }), crashAt(14)], nothing))).toEqual([{ x: 0, wal: [1, 2, 3] }]);
  });

  test("a file that is cut behind such a hole and written anew is whole: [1, 4]", () => {
    const again: Act = (_, ctx) => (ctx.disk.truncate("wal", 1), ctx.disk.append("wal", 4), ctx.disk.sync());
    const script: Script = [[ms(1), all(append(1), sync())], [ms(5), all(append(2), sync())], [ms(9), again], [ms(20), tell]];
    expect(told(see(script, [error(4, 3), crashAt(14)], nothing))).toEqual([{ x: 0, wal: [1, 4] }]);
  });

  test("whoever waits for the sync that failed hears no onSynced, and who waits for the next one does: b", () => {
    const onSynced = (_: unknown, token: Value, ctx: Ctx): void => ctx.emit("synced", { token });
    const script: Script = [[ms(5), all(append(1), sync("a"))], [ms(5.5), all(append(2), sync("b"))]];
    expect(see(script, [error(4, 2.5)], { ...nothing, onSynced } as never).of("emit").map(({ data, time }) => [data, time])).toEqual([[{ token: "b" }, ms(7)]]);
  });

  test("a protocol that hears nothing of disks stops, says why, and starts when the fault ends: 6 and 54 ms", () => {
    const seen = see([[ms(5), all(save(1), send("never"))]], [error(4, 50)]);
    expect(lives(seen, 0)).toEqual([["boot", 0], ["crash", ms(6)], ["boot", ms(54)]]);
    expect(seen.of("crash").map(({ reason, name }) => [reason, name])).toEqual([["a sync failed", "unsynced"]]);
    expect(heard(seen, 1)).toEqual([]);
  });

  test("a paused node hears of it when it goes on, at 20 ms", () => {
    const seen = see([[ms(5), save(1)]], [error(4, 50), fault("pause", "n1", { at: ms(5.5), for: ms(14.5) })], nothing);
    expect(errors(seen)).toEqual([[20, "sync", "failed", 0]]);
  });

  test("a disk without latency does not stop time for a node that tries again: 15 tries in 15 ms", () => {
    const protocol = puppet({ n1: [[ms(5), save(1)]] }, { ...parts, ...retries });
    const { seen } = run(protocol, { nodes: 1, disk: { sync: constant(0) }, faults: [error(4, 16.5, { pages: "dirty" })] });
    expect(seen.of("diskError").length).toBe(15);
  });

  test("a rate of 30% fails that share of 600 syncs, within five deviations", () => {
    const script = Array.from({ length: 600 }, (_, index): [number, Act] => [ms(1 + 1.5 * index), append(index)]).map(([at, act]): [number, Act] => [at, all(act, sync())]);
    const seen = see(script, [error(0.5, 950, { rate: 0.3 })], nothing);
    expect(isNear(seen.of("diskError").length, 600, 0.3)).toBe(true);
  });
});

const rot = (at: number, more: { bytes?: number; detected?: boolean } = {}): ReturnType<typeof fault> => fault("bitrot", "n1", { at: ms(at), ...more });
const recovering = (recovery: Recovery): Partial<Protocol> => ({ recovery });

describe("bitrot", () => {
  const script: Script = [[ms(1), save(5)], [ms(9), tell], [ms(20), tell]];

  test("strikes the disk and not memory: unnoticed, x is 5 until the restart, and then a bit of it is another", () => {
    const seen = see(script, [rot(5, { detected: false }), crashAt(10)]);
    const [before, after] = told(seen) as { x: number }[];
    const { was, is } = seen.of("damage")[0]?.data as { was: number; is: number };
    expect([before?.x, was, after?.x]).toEqual([5, 5, is]);
    expect(is).not.toBe(5);
  });

  test("says what it struck: the saved state at x, by fault 0", () => {
    expect(see(script, [rot(5)]).of("damage").map(({ node, fault: by, name, reason, data }) => [node, by, name, reason, (data as { at: string }).at])).toEqual([[0, 0, "", "bitrot", "x"]]);
  });

  test("found by a checksum, the node stays down where its protocol says nothing, and says so", () => {
    const seen = see(script, [rot(5), crashAt(10)]);
    expect(lives(seen, 0)).toEqual([["boot", 0], ["crash", ms(10)]]);
    expect(seen.of("recover").map(({ time, name, reason, data }) => [time, name, reason, data])).toEqual([[ms(11), "halt", "bitrot", { damaged: ["saved.x"] }]]);
  });

  test("it stays down at a restart, and says so again", () => {
    const seen = see(script, [rot(5), crashAt(10), fault("restart", "n1", { at: ms(30) })]);
    expect([lives(seen, 0).length, seen.of("recover").length]).toEqual([2, 2]);
  });

  test("discard begins with an empty disk: saves and files are gone", () => {
    const seen = see([[ms(1), all(save(5), append(1), sync())], [ms(20), tell]], [rot(5), crashAt(10)], recovering("discard"));
    expect(told(seen)).toEqual([{ x: 0, wal: [] }]);
    expect(seen.of("boot", "recover").slice(-2).map(({ kind, name }) => [kind, name])).toEqual([["boot", ""], ["recover", "discard"]]);
  });

  test("truncate keeps the entries of a file before the damaged one, and other files, and what was saved", () => {
    for (let seed = 1; seed <= 8; seed += 1) {
      const protocol = puppet({ n1: [[ms(1), append(10, 20, 30, 40)], [ms(2), sync()], [ms(20), tell]] }, { ...parts, ...recovering("truncate") });
      const { seen } = run(protocol, { nodes: 1, seed, faults: [rot(5), crashAt(10)] });
      const struck = Number((seen.of("damage")[0]?.data as { at: string }).at);
      expect(told(seen)).toEqual([{ x: 0, wal: [10, 20, 30, 40].slice(0, struck) }]);
    }
  });

  test("truncate discards what was saved where that is damaged, and keeps files", () => {
    const saveLong: Act = (state, ctx) => ((state.x = "a long text, in which almost every strike lands"), ctx.persist());
    const seen = see([[ms(1), all(saveLong, append(1), sync())], [ms(20), tell]], [rot(5), crashAt(10)], recovering("truncate"));
    expect([seen.of("damage")[0]?.name, told(seen)]).toEqual(["", [{ x: 0, wal: [1] }]]);
  });

  test("a protocol's recovery may depend on its options", () => {
    const protocol = puppet({ n1: script }, { ...parts, recovery: (options: any) => options.how });
    const { seen } = run(protocol, { options: { how: "discard" }, faults: [rot(5), crashAt(10)] });
    expect(seen.of("recover").map(({ name }) => name)).toEqual(["discard"]);
  });

  test("what is saved anew in the same place is good again: 7, and nothing to recover", () => {
    const seen = see([[ms(1), save(5)], [ms(7), save(7)], [ms(20), tell]], [rot(5), crashAt(10)]);
    expect([told(seen), seen.of("recover")]).toEqual([[{ x: 7, wal: [] }], []]);
  });

  test("so is what a file holds where it was cut and written again, the same entry even: [5]", () => {
    const again: Act = (_, ctx) => (ctx.disk.truncate("wal", 0), ctx.disk.append("wal", 5), ctx.disk.sync());
    const seen = see([[ms(1), all(append(5), sync())], [ms(7), again], [ms(20), tell]], [rot(5), crashAt(10)]);
    expect([seen.of("damage").length, told(seen), seen.of("recover")]).toEqual([1, [{ x: 0, wal: [5] }], []]);
  });

  test("what is saved beside it leaves it damaged", () => {
    const more = { durable: ["x", "y"], boot: () => ({ x: "a long text, in which almost every strike lands", y: 0 }) };
    const other: Act = (state, ctx) => ((state.y += 1), ctx.persist());
    const seen = see([[ms(1), other], [ms(7), other]], [rot(5), crashAt(10)], more);
    expect(seen.of("recover").map(({ data }) => data)).toEqual([{ damaged: ["saved.x"] }]);
  });

  test("of a disk that holds nothing it changes nothing, and says so", () => {
    const seen = see([], [rot(5)]);
    expect([seen.of("damage"), (seen.of("fault")[0]?.data as { did: boolean }).did]).toEqual([[], false]);
  });

  test("strikes as many places as it says, and an unsynced write is none: 3 of the entry 1", () => {
    const seen = see([[ms(1), all(append(1), sync())], [ms(4), append(2)]], [rot(5, { bytes: 3 })]);
    expect(seen.of("damage").map(({ data }) => (data as { at: string }).at)).toEqual(["0", "0", "0"]);
  });

  test("draws from a stream of its own for each node: that n2 is struck too leaves n1's damage as it was", () => {
    const acts: Script = [[ms(1), all(append(100, 200, 300, 400), sync())]];
    const damage = (selector: unknown): unknown => {
      const faults = [{ ...fault("bitrot", selector, { at: ms(5) }), text: "the same" }];
      return run(puppet({ n1: acts, n2: acts }), { faults }).seen.of("damage").filter(({ node }) => node === 0).map(({ data }) => data);
    };
    expect(damage({ type: "list", of: [{ type: "node", node: "n2" }, { type: "node", node: "n1" }] })).toEqual(damage("n1"));
  });
});

describe("lostWrite", () => {
  const lost = (at: number, lasts: number, more: { rate?: number; detected?: boolean } = {}): ReturnType<typeof fault> => fault("lostWrite", "n1", { at: ms(at), for: ms(lasts), ...more });

  test("a sync is reported as done, what waits for it leaves, memory has it, and after a crash it is not there: 1 of 2", () => {
    const seen = see([[ms(1), save(1)], [ms(5), all(save(2), send("trusting"))], [ms(9), tell], [ms(20), tell]], [lost(4, 50), crashAt(10)]);
    expect(heard(seen, 1)).toEqual([["trusting", ms(7)]]);
    expect(told(seen)).toEqual([{ x: 2, wal: [] }, { x: 1, wal: [] }]);
    expect(seen.of("damage").map(({ time, reason }) => [time, reason])).toEqual([[ms(6), "lost"]]);
  });

  test("a file ends before what was lost, also where later entries were written: [1]", () => {
    const script: Script = [[ms(1), all(append(1), sync())], [ms(5), all(append(2), sync())], [ms(9), all(append(3), sync())], [ms(20), tell]];
    expect(told(see(script, [lost(4, 3), crashAt(14)]))).toEqual([{ x: 0, wal: [1] }]);
  });

  test("a cut that was lost leaves what was cut: [1, 2]", () => {
    const cut: Act = (_, ctx) => (ctx.disk.truncate("wal", 1), ctx.disk.sync());
    const script: Script = [[ms(1), all(append(1, 2), sync())], [ms(5), cut], [ms(9), tell], [ms(20), tell]];
    expect(told(see(script, [lost(4, 3), crashAt(14)])).map((data) => (data as { wal: unknown }).wal)).toEqual([[1], [1, 2]]);
  });

  test("what is appended where a lost cut left an old entry takes its place: [1, 9, 3] of [1, 2, 3] cut to [1]", () => {
    const cut: Act = (_, ctx) => (ctx.disk.truncate("wal", 1), ctx.disk.sync());
    const script: Script = [[ms(1), all(append(1, 2, 3), sync())], [ms(5), cut], [ms(9), all(append(9), sync())], [ms(20), tell]];
    expect(told(see(script, [lost(4, 3), crashAt(14)]))).toEqual([{ x: 0, wal: [1, 9, 3] }]);
  });

  test("detected, it is found at the start, and halts the node; a later save makes it good", () => {
    const found = (script: Script): unknown[] => see(script, [lost(4, 3, { detected: true }), crashAt(14)]).of("recover").map(({ name, reason, data }) => [name, reason, data]);
    expect(found([[ms(5), save(2)]])).toEqual([["halt", "lost", { damaged: ["saved"] }]]);
    expect(found([[ms(5), save(2)], [ms(9), save(3)]])).toEqual([]);
    expect(found([[ms(5), all(append(1), sync())]])).toEqual([["halt", "lost", { damaged: ["wal.0"] }]]);
  });

  test("a rate of 40% loses that share of 600 syncs, within five deviations", () => {
    const script = Array.from({ length: 600 }, (_, index): [number, Act] => [ms(1 + 1.5 * index), all(append(index), sync())]);
    expect(isNear(see(script, [lost(0.5, 950, { rate: 0.4 })]).of("damage").length, 600, 0.4)).toBe(true);
  });

  test("a disk in order that has never lied loses nothing", () => {
    expect(told(see([[ms(5), save(2)], [ms(20), tell]], [lost(7, 2), crashAt(10)]))).toEqual([{ x: 2, wal: [] }]);
  });
});

describe("misdirected", () => {
  const stray = (at: number, lasts: number, more: { rate?: number; detected?: boolean } = {}): ReturnType<typeof fault> => fault("misdirected", "n1", { at: ms(at), for: ms(lasts), ...more });
  const script: Script = [[ms(1), all(append("a", "b", "c"), sync())], [ms(5), all(append("d"), sync())], [ms(20), tell]];

  test("an entry lands on an earlier one, and its own place stays empty", () => {
    const seen = see(script, [stray(4, 3), crashAt(14)]);
    const { at, to } = seen.of("damage")[0]?.data as { at: number; to: number };
    const expected = ["a", "b", "c"].map((entry, position) => (position === to ? "d" : entry));
    expect([at, told(seen)]).toEqual([3, [{ x: 0, wal: expected }]]);
  });

  test("detected, both places are found, and truncate keeps what stands before the first", () => {
    const seen = see(script, [stray(4, 3, { detected: true }), crashAt(14)], recovering("truncate"));
    const { to } = seen.of("damage")[0]?.data as { to: number };
    expect(seen.of("recover").map(({ data }) => data)).toEqual([{ damaged: [`wal.${to}`, "wal.3"] }]);
    expect(told(seen)).toEqual([{ x: 0, wal: ["a", "b", "c"].slice(0, to) }]);
  });

  test("of what is saved the old one stays: 1 of 2", () => {
    expect(told(see([[ms(1), save(1)], [ms(5), save(2)], [ms(20), tell]], [stray(4, 3), crashAt(14)]))).toEqual([{ x: 1, wal: [] }]);
  });

  test("the first entry of a file has none to land on, and is lost", () => {
    expect(told(see([[ms(5), all(append("a"), sync())], [ms(20), tell]], [stray(4, 3), crashAt(14)]))).toEqual([{ x: 0, wal: [] }]);
  });

  test("a rate of 25% leads that share of 800 writes astray, within five deviations", () => {
    const acts: Script = Array.from({ length: 80 }, (_, index) => [ms(1 + 3 * index), all(append(1, 2, 3, 4, 5, 6, 7, 8, 9, 10), sync())]);
    expect(isNear(see(acts, [stray(0.5, 900, { rate: 0.25 })]).of("damage").length, 800, 0.25)).toBe(true);
  });
});

describe("a copy of a world whose disks are in trouble", () => {
  const disks: Faults = [
    fault("diskStall", "n1", { every: [ms(70), ms(90)], for: ms(25) }),
    fault("diskSlow", { nodes: { type: "node", node: "n2" }, by: constant(ms(3)) }, { at: ms(30), for: ms(200) }),
    fault("diskFull", "n3", { every: [ms(60), ms(80)], for: ms(15) }),
    fault("diskError", "n3", { at: ms(80), for: ms(150), rate: 0.4 }),
    fault("lostWrite", "n3", { at: ms(150), for: ms(100), rate: 0.5 }),
    fault("misdirected", "n1", { at: ms(50), for: ms(300), rate: 0.3, detected: true }),
    fault("bitrot", "random", { every: [ms(20), ms(30)], bytes: 3, detected: true }),
    fault("crash", "random", { every: [ms(50), ms(70)], for: ms(10), lose: "torn" }),
  ];
  const forgiving: AnyProtocol = { ...busy, recovery: "discard", onDiskError: (_: unknown, __: DiskError, ctx: Ctx) => ctx.persist() };
  const overrides = (seed: number) => ({ ...trouble(seed), faults: disks });

  test("the run has errors, damage and recoveries of every kind in it", () => {
    const { seen } = run(forgiving, overrides(3));
    expect(new Set(seen.of("diskError").map(({ reason }) => reason))).toEqual(new Set(["full", "failed"]));
    expect(new Set(seen.of("damage").map(({ reason }) => reason))).toEqual(new Set(["bitrot", "lost", "misdirected"]));
    expect(seen.of("recover").length).toBeGreaterThan(0);
  });

  test.each([1, 2])("goes on as the original does, from 6 places of the run of seed %i", (seed) => {
    for (const protocol of [busy, forgiving]) {
      const { world, seen } = build(protocol, overrides(seed));
      const copies: { readonly before: number; readonly copy: typeof world; readonly copySeen: Recording }[] = [];
      for (let place = 1; place <= 6; place += 1) {
        world.runUntil(ms(43 * place));
        const copySeen = new Recording();
        copies.push({ before: seen.lines.length, copy: world.copy({ sinks: [copySeen] }), copySeen });
      }
      world.runUntil(world.config.duration);
      const { lines } = seen;
      for (const { before, copy, copySeen } of copies) {
        copy.runUntil(copy.config.duration);
        expect(copySeen.lines).toEqual(lines.slice(before));
      }
    }
  });
});
