import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TraceError } from "../../sim/trace/decode.ts";
import { TraceEncoder } from "../../sim/trace/encode.ts";
import { openTraceFile, readTraceFile, TraceFile, TraceFileError } from "../../sim/trace/file.node.ts";
import { busyRun, header } from "./arbitrary.ts";
import { Recording, writeBusyTrace } from "./recording.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "trace-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A run that is written to a file as it goes. */
function writeFile(path: string, count: number): void {
  const file = new TraceFile(path);
  const encoder = new TraceEncoder(header, file.write);
  busyRun(count, (event, annotations) => {
    encoder.event(event);
    for (const annotation of annotations) encoder.annotation(annotation);
  });
  encoder.finish({ verdict: "pass" }, true);
  file.finish();
}

describe("a trace file", () => {
  test("holds the very bytes that the encoder wrote, and nothing lies beside it", () => {
    const path = join(folder, "run.trace");
    writeFile(path, 20_000);
    expect(readFileSync(path).equals(writeBusyTrace(20_000).bytes)).toBe(true);
    expect(readdirSync(folder)).toEqual(["run.trace"]);
  });

  test("is read whole or in pieces with the same outcome", () => {
    const path = join(folder, "run.trace");
    writeFile(path, 10_000);
    const whole = new Recording();
    readTraceFile(path).forEach(whole);
    const open = openTraceFile(path);
    const pieces = new Recording();
    for (let index = 0; index < open.trace.blocks.length; index += 1) open.trace.forEach(pieces, index, index + 1);
    open.trace.verifyDigest();
    expect(pieces.records).toEqual(whole.records);
    expect(open.trace.stateAtBlock(2).toPlain()).toEqual(readTraceFile(path).stateAtBlock(2).toPlain());
    open.close();
  });

  test("takes the place of an older one only when it is complete", () => {
    const path = join(folder, "run.trace");
    writeFileSync(path, "older");
    const file = new TraceFile(path);
    file.write(new Uint8Array(600_000));
    expect(readFileSync(path, "utf8")).toBe("older");
    file.finish();
    expect(readFileSync(path).length).toBe(600_000);
  });

  test("that is given up leaves the older one and nothing else", () => {
    const path = join(folder, "run.trace");
    writeFileSync(path, "older");
    const file = new TraceFile(path);
    file.write(new Uint8Array(600_000));
    file.abort();
    file.abort();
    expect(readFileSync(path, "utf8")).toBe("older");
    expect(readdirSync(folder)).toEqual(["run.trace"]);
    expect(() => file.write(new Uint8Array(600_000))).toThrow(TraceFileError);
  });

  test("that cannot be made says which and why", () => {
    const path = join(folder, "nowhere", "run.trace");
    expect(() => new TraceFile(path)).toThrow(`cannot write the trace ${path}: no such file or folder`);
    expect(() => new TraceFile(folder)).toThrow(`cannot write the trace ${folder}: it is a folder`);
    expect(existsSync(`${folder}.part`)).toBe(false);
    expect(() => readTraceFile(path)).toThrow(`cannot read the trace ${path}: no such file or folder`);
    expect(() => openTraceFile(folder)).toThrow(TraceFileError);
  });

  test("that cannot be put in its place leaves nothing", () => {
    const path = join(folder, "run.trace");
    const file = new TraceFile(path);
    file.write(new Uint8Array(10));
    mkdirSync(path);
    writeFileSync(join(path, "inside"), "");
    expect(() => file.finish()).toThrow(TraceFileError);
    expect(readdirSync(folder)).toEqual(["run.trace"]);
    expect(readdirSync(path)).toEqual(["inside"]);
  });

  test.runIf(existsSync("/dev/full"))("on a full disk says so", () => {
    // A device that is always full stands in for the part file: the link is followed when that is opened.
    const path = join(folder, "run.trace");
    writeFileSync(path, "older");
    const file = fullFile(path);
    expect(() => file.write(new Uint8Array(600_000))).toThrow(`cannot write the trace ${path}: the disk is full`);
    expect(readFileSync(path, "utf8")).toBe("older");
    expect(readdirSync(folder)).toEqual(["run.trace"]);
  });

  test("that was cut, or is something else, is named in the message", () => {
    const path = join(folder, "run.trace");
    writeFile(path, 5000);
    truncateSync(path, 30_000);
    const message = `${path} is cut short: it ends without its footer, after 0 complete blocks with 0 events.`;
    expect(() => readTraceFile(path)).toThrow(new TraceError("cut short", message));
    expect(() => openTraceFile(path)).toThrow(new TraceError("cut short", message));
    writeFileSync(path, "hello");
    expect(() => openTraceFile(path)).toThrow(`${path} is not a Splitbrain trace.`);
  });
});

function fullFile(path: string): TraceFile {
  symlinkSync("/dev/full", `${path}.part`);
  return new TraceFile(path);
}
