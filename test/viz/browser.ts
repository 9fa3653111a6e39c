/**
 * A browser for tests: finds a Chromium, starts it once a file, and serves the built viewer to it with traces beside it.
 * Without a Chromium the tests are skipped with a word about why, unless SPLITBRAIN_REQUIRE_BROWSER=1 makes that a failure.
 */
import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { afterAll, test } from "vitest";

const VIEWER = fileURLToPath(new URL("../../.dist/viewer", import.meta.url));

const candidates = [
  process.env["CHROME_PATH"],
  process.env["CHROMIUM_PATH"],
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

const missing = "no Chromium was found: install one, or name it by CHROME_PATH";

/** Where a Chromium is, if there is one. */
export function findChromium(): string | undefined {
  return candidates.find((path) => path !== undefined && existsSync(path));
}

let started: Promise<Browser> | undefined;

function browser(path: string): Promise<Browser> {
  started ??= chromium.launch({ executablePath: path, args, headless: true });
  return started;
}

afterAll(async () => {
  await (await started)?.close();
  for (const server of servers) server.close();
});

/** A test that gets a fresh page. Anything that the page says at the level of an error, or throws, fails it. */
export function browserTest(name: string, body: (page: Page) => Promise<void>, options: BrowserContextOptions = {}): void {
  test(name, async ({ skip }) => {
    const path = findChromium();
    if (path === undefined && process.env["SPLITBRAIN_REQUIRE_BROWSER"] === "1") throw new Error(missing);
    if (path === undefined) return skip(missing);

    const context = await (await browser(path)).newContext({ viewport: { width: 1440, height: 900 }, ...options });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(String(error.stack ?? error)));
    page.on("console", (message) => {
      // That there is no trace beside the page is an answer, which the browser calls an error.
      if (message.type() === "error" && !message.location().url.endsWith("/trace")) complaints.push(message.text());
    });
    try {
      await body(page);
    } finally {
      await context.close();
    }
    if (complaints.length > 0) throw new Error(`the page complained:\n${complaints.join("\n")}`);
  });
}

const types: { readonly [extension: string]: string } = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };
const servers: Server[] = [];

/** Serves the viewer under `/<name>/`, each with a trace of its own; under `/` without one. Returns the address. */
export async function serveViewer(traces: { readonly [name: string]: Uint8Array }): Promise<string> {
  if (!existsSync(join(VIEWER, "index.html"))) throw new Error("the viewer is not built: node sim/cli/build.mjs");
  const server = createServer((request, response) => {
    const [, name = "", rest = name] = /^\/(?:([\w-]+)\/)?([^?]*)/.exec(request.url ?? "") ?? [];
    const trace = traces[name];
    const path = trace === undefined ? (request.url ?? "").replace(/\?.*/, "").slice(1) : rest;
    if (path === "trace" && trace !== undefined) return void response.end(trace);
    const file = normalize(join(VIEWER, path === "" ? "index.html" : path));
    if (!file.startsWith(VIEWER) || !existsSync(file)) {
      response.statusCode = 404;
      return void response.end();
    }
    response.setHeader("content-type", types[extname(file)] ?? "application/octet-stream");
    response.end(readFileSync(file));
  });
  servers.push(server);
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
