import { expect } from "vitest";
import { browserTest } from "../viz/browser.ts";
import { bundleDigests } from "./bundle.ts";
import { digestsOf } from "./digests.ts";
import { differing, sampleTexts } from "./sample.ts";

browserTest("100 scenarios have the same digests in a page of Chromium as in Node, and some of them in a worker of it that records them", async (page) => {
  const texts = sampleTexts(100);
  const some = texts.slice(0, 30);
  const inPage = await bundleDigests("browser", "Object.assign(globalThis, { digestsOf });");
  const inWorker = await bundleDigests("browser", "onmessage = ({ data }) => postMessage(digestsOf(data, true));");
  await page.addScriptTag({ content: inPage });
  const found = await page.evaluate(
    async ([given, part, script]) => {
      const worker = new Worker(URL.createObjectURL(new Blob([script as string], { type: "text/javascript" })));
      const answered = new Promise<string[]>((resolve, reject) => {
        worker.onmessage = ({ data }) => resolve(data as string[]);
        worker.onerror = ({ message }) => reject(new Error(message));
      });
      worker.postMessage(part);
      const alone = (globalThis as unknown as { digestsOf: typeof digestsOf }).digestsOf(given as string[]);
      return { alone, worker: await answered };
    },
    [texts, some, inWorker] as const,
  );
  const inNode = digestsOf(texts);
  expect(differing(texts, inNode, found.alone)).toEqual([]);
  expect(differing(some, inNode, found.worker)).toEqual([]);
});
