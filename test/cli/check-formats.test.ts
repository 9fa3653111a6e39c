import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { formats } from "../../sim/check/index.ts";
import { readHistoryFile } from "../../sim/cli/read-history.ts";
import { emptyFolder, root, splitbrain } from "./cli.ts";

const limo = "# @object atomic-queue\n[1] call enq 1\n[1] return\n[2] call deq\n[2] return empty\n";
const edn = "{:type :invoke, :f :write, :value 1, :process 0}\n{:type :ok, :f :write, :value 1, :process 0}\n{:type :invoke, :f :read, :value nil, :process 1}\n{:type :ok, :f :read, :value 1, :process 1}\n";

function folderWith(files: { readonly [name: string]: string }): string {
  const folder = emptyFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

describe("splitbrain check, in the formats of others", () => {
  it("judges a folder of them, each recognised by its content, with the model that it stands for", async () => {
    const cwd = emptyFolder();
    mkdirSync(join(cwd, "runs"));
    writeFileSync(join(cwd, "runs/a.edn"), edn);
    writeFileSync(join(cwd, "runs/b.log"), limo);
    const { code, stdout } = await splitbrain(["check", "runs", "--quiet"], { cwd });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "✓ pass  runs/a.edn  linearizable, kv, 2 operations\n✗ fail  runs/b.log  linearizable, queue, 2 operations\n" });
  });

  it("shows the lines of mistakes, of a file and of standard input alike", async () => {
    const bad = `${edn}{:type :okay, :f :read, :process 0}\n`;
    const cwd = folderWith({ "bad.edn": bad });
    for (const [args, input, name] of [[["check", "bad.edn"], "", "bad.edn"], [["check", "-"], bad, "-"]] as const) {
      const { code, stderr } = await splitbrain(args, { cwd, input });
      expect(code).toBe(2);
      expect(stderr).toContain(`${name}:5:8: :type: expected invoke, ok, fail or info\n 5 | {:type :okay, :f :read, :process 0}\n   |        ^`);
    }
  });

  it("shows the lines of operations that do not pair, or that the model does not have", async () => {
    const cwd = folderWith({ "unpaired.log": `${limo}[3] call deq\n[3] call deq\n`, "queue.log": limo });
    const unpaired = await splitbrain(["check", "unpaired.log"], { cwd });
    expect([unpaired.code, unpaired.stderr]).toEqual([2, expect.stringContaining("unpaired.log:7:1: process 3 invokes dequeue while its dequeue is still open\n 7 | [3] call deq")]);
    const other = await splitbrain(["check", "queue.log", "--model", "stack"], { cwd });
    expect([other.code, other.stderr]).toEqual([2, expect.stringContaining("queue.log:2:1: the model stack has no enqueue; it has push, pop, peek\n 2 | [1] call enq 1")]);
  });

  it("reads a pipe, which it cannot read twice, and shows the lines of its mistakes", () => {
    const command = `"${process.execPath}" "${join(root, ".dist/cli.js")}" check <(printf 'r(1,2,3,4)\\nr(1)\\n') 2>&1 || true`;
    expect(execFileSync("bash", ["-c", command], { encoding: "utf8", timeout: 30_000 })).toContain(":2:2: expected a key, a whole number\n 2 | r(1)");
  });

  it("takes a format by its name or by a tool's that shares it, and refuses others", async () => {
    const cwd = folderWith({ "h.txt": "r(1,0)" });
    expect((await splitbrain(["check", "h.txt", "--format", "polysi"], { cwd })).stderr).toContain("h.txt:1:4: expected a value, a whole number");
    expect((await splitbrain(["check", "h.txt", "--format", "isovsta"], { cwd })).stderr).toContain("did you mean `isovista`?");
  });

  it("does not hold transactions without real time against a level that needs it", async () => {
    const cwd = folderWith({ "h.txt": "w(1,5,0,1)\nr(1,5,1,2)\n" });
    const { code, stderr } = await splitbrain(["check", "h.txt", "--model", "multi-register", "--consistency", "linearizable"], { cwd });
    expect([code, stderr]).toEqual([2, expect.stringContaining("linearizable is about real time, and this history knows the order inside each session only")]);
  });

  it("lists the formats", async () => {
    const { stdout } = await splitbrain(["list", "formats", "--json"], { cwd: emptyFolder() });
    expect((JSON.parse(stdout) as readonly { name: string }[]).map(({ name }) => name)).toEqual(Object.keys(formats));
  });
});

describe("reading a history from disk", () => {
  it("takes it in chunks that may cut a character or a line in two, and keeps operations, not events", async () => {
    const cwd = emptyFolder();
    const file = join(cwd, "long.jsonl");
    const line = (index: number): string => JSON.stringify({ process: 0, client: "ä", type: index % 2 === 0 ? "invoke" : "ok", f: "write", key: "schlüssel", value: "ö".repeat(index % 300), time: index });
    // Three megabytes, so that there are several chunks.
    writeFileSync(file, Array.from({ length: 8000 }, (_, index) => line(index)).join("\n"));
    const { recording, linesAt } = await readHistoryFile(file, undefined, () => undefined);
    expect([recording.history.length, recording.operations?.length, recording.lines.length]).toEqual([0, 4000, 8000]);
    expect(new Set(recording.operations!.map(({ client, key }) => `${client} ${key}`))).toEqual(new Set(["ä schlüssel"]));
    expect(recording.operations!.every(({ input, invoked }) => input === "ö".repeat(invoked % 300))).toBe(true);
    expect([...linesAt([7999, 3])]).toEqual([[3, line(2)], [7999, line(7998)]]);
  });
});
