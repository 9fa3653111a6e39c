import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { parse } from "../determinism/scenarios.ts";
import { run as runScenario } from "../../sim/scenario/run.ts";
import { browserTest, serveViewer } from "./browser.ts";
import { openSynthetic, syntheticTrace } from "./open.ts";

const SMALL = 4_000;
const { run } = openSynthetic(SMALL);
const violation = run.story.troubles[0]!.event;
let base = "";

beforeAll(async () => {
  const small = syntheticTrace(SMALL);
  base = await serveViewer({ small, large: syntheticTrace(200_000), cut: small.slice(0, small.length / 2), foreign: new TextEncoder().encode("hello, this is no trace at all") });
});

/** The current event, as the page says it. */
async function eventOf(page: Page): Promise<number> {
  const text = (await page.textContent(".event-number")) ?? "";
  return Number(/event ([\d,]+)/.exec(text)![1]!.replaceAll(",", ""));
}

/** Waits until the page says that this is the current event. */
async function isAt(page: Page, event: number): Promise<void> {
  await page.waitForFunction((wanted) => document.querySelector(".event-number")?.textContent?.startsWith(`event ${wanted} of`) === true, event.toLocaleString("en"));
}

/** The address is written a quarter of a second after the last change: read until it has stayed the same for longer. */
async function settledHash(page: Page): Promise<string> {
  for (let last = ""; ; ) {
    await page.waitForTimeout(700);
    const hash = await page.evaluate(() => location.hash);
    if (hash === last) return hash;
    last = hash;
  }
}

async function open(page: Page, path: string): Promise<void> {
  await page.goto(base + path);
  await page.waitForSelector(".inspector .event-sentence");
}

browserTest("a trace opens on its first violation, with the inspector saying which", async (page) => {
  await open(page, "small/");
  await isAt(page, violation);
  expect(await page.textContent(".inspector .callout strong")).toBe("Violated: log matching");
  expect(await page.title()).toBe("A made-up run · Splitbrain");
});

browserTest("arrow keys step forward and back by one event, and the transcript follows", async (page) => {
  await open(page, "small/");
  await page.keyboard.press("ArrowRight");
  await isAt(page, violation + 1);
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await isAt(page, violation - 1);
  await page.waitForFunction((wanted) => document.querySelector(".transcript-line.is-now")?.getAttribute("aria-current") === "true" && location.hash.includes(`e=${wanted}`), violation - 1);
});

browserTest("keys jump to the next and previous fault, change of leader and violation, and to both ends", async (page) => {
  await open(page, "small/");
  await page.keyboard.press("Home");
  await isAt(page, 0);
  const [firstLeader, secondLeader] = run.jumpsTo("leader") as [number, number];
  await page.keyboard.press("l");
  await isAt(page, firstLeader);
  await page.keyboard.press("l");
  await isAt(page, secondLeader);
  await page.keyboard.press("Shift+L");
  await isAt(page, firstLeader);
  await page.keyboard.press("Shift+ArrowRight");
  await isAt(page, run.story.faults[0]!.begin);
  await page.keyboard.press("v");
  await isAt(page, violation);
  await page.keyboard.press("End");
  await isAt(page, run.count - 1);
  await page.keyboard.press("Shift+ArrowLeft");
  await isAt(page, run.jumpsTo("fault").at(-1)!);
});

browserTest("the address holds moment, node, axis and window, and opens the same view in another page", async (page) => {
  await open(page, "small/#e=1234&sel=n2");
  await isAt(page, 1_234);
  expect(await page.textContent(".inspector .segmented [aria-selected=true]")).toBe("n2");
  await page.keyboard.press("x");
  await page.keyboard.press("+");
  await page.waitForFunction(() => location.hash.includes("axis=order"));
  const hash = await settledHash(page);
  const caption = await page.textContent(".timeline .panel-caption");
  const other = await page.context().newPage();
  await open(other, `small/${hash}`);
  await isAt(other, 1_234);
  expect(await other.textContent(".timeline .panel-caption")).toBe(caption);
  expect(await other.getAttribute(".timeline .segmented button:nth-child(2)", "aria-pressed")).toBe("true");
  expect(await other.textContent(".inspector .segmented [aria-selected=true]")).toBe("n2");
  expect(await settledHash(other)).toBe(hash);
});

browserTest("a link to another moment of the open run goes there", async (page) => {
  await open(page, "small/");
  await page.evaluate(() => { location.hash = "#e=77&sel=n4"; });
  await isAt(page, 77);
  expect(await page.textContent(".inspector .segmented [aria-selected=true]")).toBe("n4");
});

browserTest("what a click selects is shown: a node, an event of the transcript, the cause of an event", async (page) => {
  await open(page, "small/#e=500");
  await page.click(".node[data-node=n3]");
  await page.waitForFunction(() => document.querySelector(".inspector .event-sentence")?.textContent?.startsWith("n3 is up") === true);
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => document.querySelector(".inspector .facts") !== null);
  const reply = run.columns.cause.findIndex((cause, event) => event > 500 && cause >= 0 && run.kindOf(event) === "deliver");
  await page.evaluate((event) => { location.hash = `#e=${event}`; }, reply);
  await isAt(page, reply);
  await page.keyboard.press("c");
  await isAt(page, run.columns.cause[reply]!);
  await page.keyboard.press("e");
  await isAt(page, run.effects(run.columns.cause[reply]!)[0]!);
});

browserTest("a click on a lane goes to the event that is drawn there", async (page) => {
  const isAlone = (event: number): boolean => run.timeOf(event) - run.timeOf(event - 1) > 100_000 && run.timeOf(event + 1) - run.timeOf(event) > 100_000;
  const event = run.columns.node.findIndex((node, at) => at > 600 && node === 2 && run.kindOf(at) === "deliver" && isAlone(at));
  const time = run.timeOf(event);
  // The moment is elsewhere; the window has the event at its first third.
  await open(page, `small/#e=0&w=${time - 1_000_000}-${time + 2_000_000}`);
  await page.waitForFunction(() => /in view/.test(document.querySelector(".timeline .panel-caption")?.textContent ?? ""));
  const field = (await page.locator(".timeline-field").boundingBox())!;
  const label = (await page.locator(".timeline-gutter button").nth(2).boundingBox())!;
  await page.mouse.click(field.x + field.width / 3, label.y + label.height / 2);
  await isAt(page, event);
});

browserTest("space plays and pauses, and virtual time passes meanwhile", async (page) => {
  await open(page, "small/#e=300");
  await page.keyboard.press("Space");
  await page.waitForFunction(() => !/^event 300 /.test(document.querySelector(".event-number")?.textContent ?? ""));
  await page.waitForSelector(".play[aria-label=Pause]");
  await page.keyboard.press("Space");
  await page.waitForSelector(".play[aria-label=Play]");
  expect(await eventOf(page)).toBeGreaterThan(300);
});

browserTest("logs show where nodes differ, and a reader who scrolls up stays there", async (page) => {
  const healed = run.story.faults[0]!.end - 1;
  await open(page, `small/#e=${healed}`);
  await page.waitForSelector(".log-cell.is-committed");
  expect(await page.locator(".log-row:not([hidden]) .log-cell.is-empty").count()).toBeGreaterThan(0);
  await page.hover(".log-scroll");
  await page.mouse.wheel(0, -5_000);
  await page.waitForSelector(".follow-button:not([hidden])");
  await page.waitForFunction(() => document.querySelector(".log-row:not([hidden]) .log-index")?.textContent === "1");
  await page.click(".follow-button");
  await page.waitForFunction(() => document.querySelector(".log-row:not([hidden]) .log-index")?.textContent !== "1");
});

browserTest("every tab of the state panel draws, and every axis", async (page) => {
  await open(page, "small/");
  const tabs = await page.locator(".state [role=tab]").allTextContents();
  expect(tabs).toEqual(["Log", "Next index", "All fields"]);
  for (const tab of tabs) {
    await page.click(`.state [role=tab]:text-is("${tab}")`);
    await page.waitForSelector(`.state [role=tab][aria-selected=true]:text-is("${tab}")`);
  }
  expect(await page.textContent(".state tbody th")).toBe("role");
  for (const axis of ["Order", "Squeezed", "Time"]) await page.click(`.timeline .segmented button:text-is("${axis}")`);
});

browserTest("?, t and 0 show the keys, change the theme and fit the whole run", async (page) => {
  await open(page, "small/");
  await page.keyboard.press("?");
  expect(await page.isVisible("dialog.help")).toBe(true);
  await page.keyboard.press("?");
  expect(await page.isVisible("dialog.help")).toBe(false);
  const before = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.keyboard.press("t");
  expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).not.toBe(before);
  await page.keyboard.press("0");
  await page.waitForFunction((count) => document.querySelector(".timeline .panel-caption")?.textContent?.startsWith(`${count} events`) === true, run.count.toLocaleString("en"));
  await page.reload();
  await page.waitForSelector(".viewer");
  expect(await page.evaluate(() => document.documentElement.dataset["theme"])).toBe("dark");
});

browserTest(
  "the page is dark where the system is",
  async (page) => {
    await open(page, "small/");
    const [red = 255] = (await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).match(/\d+/g)!.map(Number);
    expect(red).toBeLessThan(60);
  },
  { colorScheme: "dark" },
);

browserTest(
  "on a narrow page the panels stand below each other and none is wider than it",
  async (page) => {
    await open(page, "small/");
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(420);
    expect(await page.evaluate(() => document.querySelectorAll(".panel").length)).toBe(5);
  },
  { viewport: { width: 420, height: 800 } },
);

browserTest("without a trace the page welcomes with the bundled scenarios", async (page) => {
  await page.goto(base);
  await page.waitForSelector(".scenario-card");
  expect(await page.locator(".scenario-card").first().getAttribute("data-scenario")).toBe("raft/leader-isolated");
});

browserTest("a trace that is cut short, and a file that is none, are named as what they are", async (page) => {
  await page.goto(`${base}cut/`);
  expect(await page.textContent(".callout strong")).toBe("This trace is cut short");
  await page.goto(`${base}foreign/`);
  expect(await page.textContent(".callout strong")).toBe("This is not a trace");
});

browserTest("a scenario that does not exist is named, and the others are offered", async (page) => {
  await page.goto(`${base}?scenario=raft/nothing`);
  expect(await page.textContent(".callout")).toContain("raft/nothing");
  expect(await page.locator(".scenario-card").count()).toBeGreaterThan(3);
});

for (const [id, seed] of [["raft/figure-8", undefined], ["lww-register/partition-heals", 7]] as const) {
  browserTest(`the page runs ${id} itself, with the digest and the verdicts that Node gets`, async (page) => {
    const { result } = runScenario(parse(readFileSync(new URL(`../../scenarios/${id}.yaml`, import.meta.url), "utf8"), seed));
    await open(page, `?scenario=${id}${seed === undefined ? "" : `&seed=${seed}`}`);
    expect(await page.textContent(".digest")).toBe(result.digest);
    expect(await page.textContent(".run-facts")).toContain(`seed ${result.seed}`);
    expect(await page.locator(".verdicts .chip.is-pass").count()).toBe(result.expectations.filter(({ verdict }) => verdict === "pass").length);
  });
}

browserTest("200,000 events open and are scrubbed from end to end without an element more", async (page) => {
  const began = Date.now();
  await open(page, "large/");
  const openedMs = Date.now() - began;
  const elements = (): Promise<number> => page.evaluate(() => document.querySelectorAll(".cluster *, .timeline *, .state *, .transcript *").length);
  await page.waitForSelector(".log-cell:not(.is-empty)");
  const before = await elements();
  const framesMs = await page.evaluate(async () => {
    const scrub = document.querySelector<HTMLInputElement>(".scrub")!;
    const took: number[] = [];
    let last = performance.now();
    for (let step = 0; step <= 60; step += 1) {
      scrub.value = String(Math.floor((Number(scrub.max) * step) / 60));
      scrub.dispatchEvent(new Event("input"));
      await new Promise(requestAnimationFrame);
      took.push(performance.now() - last);
      last = performance.now();
    }
    return took.sort((a, b) => a - b);
  });
  console.log(`opened 200,000 events in ${openedMs} ms; scrubbing takes ${framesMs[30]!.toFixed(1)} ms a frame (median)`);
  await isAt(page, 199_999);
  // Lists and pictures are reused: what is shown does not grow with the run.
  expect(await elements()).toBeLessThan(before + 400);
  expect(await page.locator(".cluster svg *").count()).toBeLessThan(500);
});

test("the made-up run is the same every time", () => {
  expect(Buffer.compare(Buffer.from(syntheticTrace(1_000)), Buffer.from(syntheticTrace(1_000)))).toBe(0);
});
