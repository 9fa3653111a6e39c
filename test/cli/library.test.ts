import { build } from "esbuild";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { check, defineProtocol, InputError, protocols, run, VERSION, type Value } from "../../sim/index.ts";
import { emptyFolder, root, splitbrain } from "./cli.ts";

interface State {
  values: Record<string, Value>;
}

/** Every node for itself: what one client writes, a client of another node never sees. */
const lonely = defineProtocol<State>({
  name: "lonely",
  model: "kv",
  boot: () => ({ values: {} }),
  onMessage: {},
  onRequest: {
    read: (state, request, ctx) => ctx.reply(request, { type: "ok", value: state.values[request.key] ?? null }),
    write(state, request, ctx) {
      state.values[request.key] = request.value;
      ctx.reply(request, { type: "ok" });
    },
  },
});

const scenario = {
  protocol: lonely,
  nodes: 2,
  duration: "2s",
  network: { latency: "1ms..5ms" },
  workload: { clients: 2, rate: "50/s", keys: { count: 1 }, operations: { read: 50, write: 50 } },
  expect: { linearizable: true },
};

describe("the library", () => {
  it("runs a protocol in a scenario that is an object, and gives the run as a value", () => {
    const value = run(scenario);
    expect(value).toMatchObject({ version: 1, protocol: "lonely", seed: 1, verdict: "fail", violations: [] });
    expect(value.expectations.map(({ name, verdict }) => [name, verdict])).toEqual([["invariants", "pass"], ["linearizable", "fail"]]);
    expect(value.history.filter((event) => event.type === "invoke")).toHaveLength(value.metrics["operations.invoked"] as number);
    expect(value).not.toHaveProperty("files");
  });

  it("judges the history as the run did", () => {
    const { history } = run(scenario);
    expect(check(history, { model: "kv", consistency: "linearizable" }).verdict).toBe("fail");
    expect(check([], { model: "kv" }).verdict).toBe("pass");
  });

  it("passes the same protocol with one node, where nobody else can write", () => {
    expect(run({ ...scenario, nodes: 1 }).verdict).toBe("pass");
  });

  it("gives the same value for the same seed, and takes seed, mutant and settings from its options", () => {
    expect(run(scenario, { seed: 7 })).toEqual(run({ ...scenario, seed: 7 }));
    expect(run(scenario, { set: { "network.latency": "9ms" } }).digest).toBe(run({ ...scenario, network: { latency: "9ms" } }).digest);
    expect(run({ ...scenario, protocol: "raft" }, { mutant: "vote-not-persisted" }).mutant).toBe("vote-not-persisted");
  });

  it("runs YAML, with protocols by the names that it is given", () => {
    const text = "version: 1\nprotocol: mine\nnodes: 2\nduration: 1s\nworkload: { clients: 1, rate: 20/s, operations: { read: 1 } }\n";
    expect(run(text, { protocols: { mine: lonely } }).verdict).toBe("pass");
    expect(() => run(text)).toThrow(InputError);
  });

  it("throws every mistake of a scenario at once", () => {
    const mistakes = (): unknown => run({ ...scenario, nodes: -1, durration: "2s" });
    expect(mistakes).toThrow(InputError);
    expect(mistakes).toThrow(/did you mean `duration`/);
  });

  it("names its version and the protocols that are built in", () => {
    expect(VERSION).toMatch(/^\d+\.\d+\.\d+$/);
    expect(Object.keys(protocols)).toEqual(expect.arrayContaining(["raft", "lww-register"]));
  });

  it("gives the digest of the command line", async () => {
    const cwd = emptyFolder();
    const { stdout } = await splitbrain(["run", "raft/steady", "--json", "--seed", "3"], { cwd });
    const text = readFileSync(join(root, "scenarios/raft/steady.yaml"), "utf8");
    expect(run(text, { seed: 3 }).digest).toBe((JSON.parse(stdout) as { digest: string }).digest);
  });

  it("alone loads fast-check: no command does, and no protocol's module that a command runs", () => {
    const dist = join(root, ".dist");
    // One holds the text of a test that does.
    const chunks = readdirSync(join(dist, "chunks")).filter((name) => !name.startsWith("new-protocol-"));
    const built = ["cli.js", "index.js", "worker.js", ...chunks.map((name) => `chunks/${name}`)];
    expect(built.filter((name) => /^import [^;`]* from "fast-check";$/m.test(readFileSync(join(dist, name), "utf8")))).toEqual(["index.js"]);
  });

  it("can be bundled for a browser: what is built reaches for nothing of Node's", async () => {
    const built = await build({ entryPoints: [join(root, ".dist/index.js")], bundle: true, platform: "browser", format: "esm", write: false, logLevel: "silent" });
    expect(built.errors).toEqual([]);
    const library = (await import(pathToFileURL(join(root, ".dist/index.js")).href)) as { readonly VERSION: string };
    expect(library.VERSION).toBe(VERSION);
  });
});
