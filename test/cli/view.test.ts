import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { emptyFolder, outcomeOf, plainEnvironment, printed, program, splitbrain, start } from "./cli.ts";

const small = "version: 1\nprotocol: raft\nnodes: 3\nduration: 1s\nworkload: { clients: 1, rate: 50/s, operations: { read: 1, write: 1 } }\n";

let trace: Buffer;

/** A folder with a scenario, and a trace of it. */
function folderWithTrace(): string {
  const cwd = emptyFolder();
  writeFileSync(join(cwd, "small.yaml"), small);
  writeFileSync(join(cwd, "small.trace"), trace);
  return cwd;
}

/** Starts it, and gives the address that it prints. */
async function view(args: readonly string[], cwd: string): Promise<{ readonly url: string; readonly stop: () => Promise<number | null> }> {
  const child = start(["view", ...args, "--port", "0"], { cwd });
  const text = await printed(child, "stdout", /http:\/\/127\.0\.0\.1:\d+\//);
  const url = /http:\S+\//.exec(text)?.[0] as string;
  const ended = outcomeOf(child);
  return { url, stop: async () => (child.kill("SIGINT"), (await ended).code) };
}

/** A request whose path is sent as it stands; `fetch` would tidy it. */
function rawRequest(url: string, path: string, host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1", () => socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`));
    let text = "";
    socket.on("data", (data) => (text += data.toString("latin1"))).on("end", () => resolve(text)).on("error", reject);
  });
}

describe("splitbrain view", () => {
  beforeAll(() => {
    const cwd = mkdtempSync(join(tmpdir(), "splitbrain-test-"));
    writeFileSync(join(cwd, "small.yaml"), small);
    spawnSync(process.execPath, [program, "run", "small.yaml", "--quiet"], { cwd, env: plainEnvironment() });
    trace = readFileSync(join(cwd, ".splitbrain/small-seed1.trace"));
    rmSync(cwd, { recursive: true });
  });

  it("serves the viewer and the bytes of the trace on the loopback interface, and ends with 0 on Ctrl-C", async () => {
    const { url, stop } = await view(["small.trace"], folderWithTrace());
    const page = await fetch(url);
    expect(page.status).toBe(200);
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    const html = await page.text();
    const script = /<script[^>]+src="\.?\/?([^"]+\.js)"/.exec(html)?.[1] as string;
    expect((await fetch(new URL(script, url))).headers.get("content-type")).toBe("text/javascript; charset=utf-8");
    const bytes = Buffer.from(await (await fetch(new URL("trace", url))).arrayBuffer());
    expect(bytes.equals(trace)).toBe(true);
    expect((await fetch(new URL("nothing-here", url))).status).toBe(404);
    expect((await fetch(url, { method: "POST" })).status).toBe(405);
    expect(await stop()).toBe(0);
  });

  it("gives nothing outside the viewer, and nothing to a page that came by another name", async () => {
    const { url, stop } = await view(["small.trace"], folderWithTrace());
    const { host } = new URL(url);
    for (const path of ["/../cli.js", "/..%2fcli.js", "/%2e%2e/cli.js", "/assets/../../cli.js", "/..%5ccli.js", "//etc/passwd", "/%00", "/%"]) {
      expect(await rawRequest(url, path, host), path).toMatch(/^HTTP\/1\.1 (400|403|404) /);
    }
    expect(await rawRequest(url, "/trace", "evil.example")).toMatch(/^HTTP\/1\.1 403 /);
    expect(await stop()).toBe(0);
  });

  it("shows the newest trace of the output folder where none is named", async () => {
    const cwd = emptyFolder();
    mkdirSync(join(cwd, ".splitbrain"));
    writeFileSync(join(cwd, ".splitbrain/old.trace"), "this is not looked at");
    utimesSync(join(cwd, ".splitbrain/old.trace"), 1, 1);
    writeFileSync(join(cwd, ".splitbrain/new.trace"), trace);
    const { url, stop } = await view([], cwd);
    expect(Buffer.from(await (await fetch(new URL("trace", url))).arrayBuffer()).equals(trace)).toBe(true);
    await stop();
  });

  it("serves the viewer's welcome where there is no trace at all", async () => {
    const { url, stop } = await view([], emptyFolder());
    expect((await fetch(url)).status).toBe(200);
    expect((await fetch(new URL("trace", url))).status).toBe(404);
    await stop();
  });

  it("runs a scenario first and shows its trace", async () => {
    const cwd = folderWithTrace();
    const { url, stop } = await view(["small.yaml"], cwd);
    const bytes = Buffer.from(await (await fetch(new URL("trace", url))).arrayBuffer());
    expect(bytes.equals(readFileSync(join(cwd, ".splitbrain/small-seed1.trace")))).toBe(true);
    await stop();
  });

  it("prints its address as one JSON document with --json", async () => {
    const child = start(["view", "small.trace", "--port", "0", "--json"], { cwd: folderWithTrace() });
    const text = await printed(child, "stdout", /\n/);
    expect(JSON.parse(text)).toEqual({ version: 1, url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/$/) as string, trace: "small.trace" });
  });

  it.each([
    ["5", "#e=5"],
    ["300ms", "#t=300000000"],
    ["0.25s", "#t=250000000"],
  ])("opens at the moment that --at %s names", async (moment, address) => {
    const child = start(["view", "small.trace", "--port", "0", "--at", moment, "--json"], { cwd: folderWithTrace() });
    const { url } = JSON.parse(await printed(child, "stdout", /\n/)) as { url: string };
    expect(new URL(url).hash).toBe(address);
    expect((await fetch(url)).status).toBe(200);
  });

  it("refuses a port that is in use with exit code 2, before a scenario is run", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void other.close());
    await new Promise((resolve) => other.once("listening", resolve));
    const { port } = other.address() as AddressInfo;
    const cwd = folderWithTrace();
    const { code, stdout, stderr } = await splitbrain(["view", "small.yaml", "--port", String(port)], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(`port ${port} is in use`);
    expect(readdirSync(cwd).sort()).toEqual(["small.trace", "small.yaml"]);
  });

  it.each<[string, (bytes: Buffer) => Buffer, RegExp]>([
    ["cut short", (bytes) => bytes.subarray(0, bytes.length - 100), /cut short|not complete|end/i],
    ["foreign", () => Buffer.from("GIF89a, and nothing of ours"), /not a .*trace/i],
    ["empty", () => Buffer.alloc(0), /small\.trace/],
  ])("refuses a trace that is %s with its reason and exit code 2", async (_, change, message) => {
    const cwd = folderWithTrace();
    writeFileSync(join(cwd, "small.trace"), change(trace));
    const { code, stdout, stderr } = await splitbrain(["view", "small.trace", "--port", "0"], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it.each([
    [["nowhere.trace"], "there is no trace nowhere.trace"],
    [["raft/leader-isolatde"], "did you mean `raft/leader-isolated`?"],
    [["small.trace", "--port", "70000"], "--port takes a whole number from 0 to 65535, not '70000'"],
    [["small.trace", "--at", "soon"], "--at takes the number of an event or a virtual time, not 'soon'"],
    [["small.trace", "--at", "999999999"], "small.trace has no event 999999999"],
    [["small.trace", "--at", "2s"], "small.trace is over before 2s"],
  ])("refuses %j with exit code 2", async (args, message) => {
    const cwd = folderWithTrace();
    const { code, stderr } = await splitbrain(["view", ...args], { cwd });
    expect(stderr).toContain(message);
    expect(code).toBe(2);
    expect(readdirSync(cwd).sort()).toEqual(["small.trace", "small.yaml"]);
  });
});
