import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect } from "vitest";
import { ROOT } from "../house/source.ts";
import { traceOf } from "../../viz/workerRun.ts";
import { read } from "../house/source.ts";
import { browserTest, serveViewer } from "./browser.ts";

const folder = mkdtempSync(join(tmpdir(), "splitbrain-history-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let base = "";

beforeAll(async () => {
  spawnSync(process.execPath, [join(ROOT, ".dist/cli.js"), "check", "test/check/porcupine/kv/c10-bad.txt", "--html", join(folder, "c10.html")], { cwd: ROOT });
  base = await serveViewer({ stale: traceOf("raft/stale-reads", read("scenarios/raft/stale-reads.yaml"), undefined, () => {}) });
});

browserTest("the page of a history opens without a server on the first impossible operation, and the keyboard walks through what refutes it", async (page) => {
  await page.goto(`file://${join(folder, "c10.html")}`);
  expect(await page.textContent(".history-selected")).toBe('8: get 0 → "x 9 0 yx 0 0 yx 8 0 y" · events 158 to 159 · the first that is impossible');
  expect(await page.textContent("tr.is-culprit")).toContain("get 0");
  await page.focus(".history-field");
  await page.keyboard.press("n");
  expect(await page.textContent(".history-selected")).toMatch(/^9: append 0 "x 9 0 y"/);
  await page.keyboard.press("/");
  await page.keyboard.type("put 3");
  expect(await page.textContent(".history-count")).toMatch(/^\d+ found$/);
  await page.keyboard.press("Enter");
  expect(await page.textContent(".history-selected")).toMatch(/put/);
});

browserTest("the replay shows what the clients saw, and Enter goes from an operation to its end in the run", async (page) => {
  await page.goto(`${base}stale/`);
  await page.waitForSelector(".inspector .event-sentence");
  await page.keyboard.press("h");
  await page.waitForSelector(".history-field");
  expect(await page.textContent(".history-dialog .chip")).toBe("fail");
  await page.keyboard.press("Home");
  await page.keyboard.press("n");
  expect(await page.textContent(".history-selected")).toMatch(/^c2: write k3 69/);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector("dialog[open]") === null);
  expect(await page.textContent(".inspector .event-sentence")).toMatch(/c2.*write k3/);
});
