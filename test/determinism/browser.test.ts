import fc from "fast-check";
import { expect } from "vitest";
import { browserTest } from "../viz/browser.ts";
import { bundleDigests } from "./bundle.ts";
import { digestsOf } from "./digests.ts";
import { scenarioTexts } from "./scenarios.ts";

browserTest("30 scenarios have the same digests in Chromium as in Node", async (page) => {
  const texts = fc.sample(scenarioTexts, { numRuns: 30, seed: 11 });
  await page.addScriptTag({ content: await bundleDigests("browser", "Object.assign(globalThis, { digestsOf });") });
  const inChromium = await page.evaluate((given) => (globalThis as unknown as { digestsOf: typeof digestsOf }).digestsOf(given), texts);
  const inNode = digestsOf(texts);
  expect(inChromium).toEqual(inNode);
  expect(new Set(inNode).size).toBe(30);
});
