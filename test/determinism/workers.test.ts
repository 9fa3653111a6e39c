import { Worker } from "node:worker_threads";
import fc from "fast-check";
import { expect, test } from "vitest";
import { bundleDigests } from "./bundle.ts";
import { digestsOf } from "./digests.ts";
import { scenarioTexts } from "./scenarios.ts";

test("30 scenarios have the same digests in two worker threads at once as alone", async () => {
  const texts = fc.sample(scenarioTexts, { numRuns: 30, seed: 7 });
  const script = await bundleDigests("node", `const { workerData, parentPort } = require("node:worker_threads"); parentPort.postMessage(digestsOf(workerData));`);
  const inWorker = (): Promise<string[]> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(script, { eval: true, workerData: texts });
      worker.once("message", resolve);
      worker.once("error", reject);
    });
  const together = await Promise.all([inWorker(), inWorker()]);
  const alone = digestsOf(texts);
  expect(together).toEqual([alone, alone]);
  expect(new Set(alone).size).toBe(30);
});
