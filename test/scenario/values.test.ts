import { expect, it } from "vitest";
import { runScenario } from "./running.ts";

/** Raft under a partition, whose clients write texts. */
const scenario = (mutant: string): string => `
version: 1
protocol: raft
${mutant === "" ? "" : `options: { mutant: ${mutant} }`}
nodes: 5
duration: 5s
network: { latency: uniform(1ms 5ms) }
workload:
  clients: 5
  rate: 200/s
  keys: { count: 3, distribution: uniform }
  values: { size: lognormal(20B 500B) }
  operations: { read: 60, write: 30, cas: 10 }
  from: 1s
faults: [{ at: 2s, for: 2s, isolate: leader }]
expect: { linearizable: true }`;

it("texts are judged as numbers are: Raft is linearizable, and the mutant that reads the past is not", () => {
  const verdicts = ["", "local-reads"].map((mutant) => runScenario(scenario(mutant)).expectations.find(({ name }) => name === "linearizable")?.verdict);
  expect(verdicts).toEqual(["pass", "fail"]);
});

it("larger values make larger messages: 1 KiB in place of 20 B adds to each operation what a leader and four followers are sent", () => {
  const bytes = (size: string): number => {
    const { metrics } = runScenario(scenario("").replace(/size: .*\}/, `size: ${size} }`).replace(/faults: .*/, "").replace(/operations: .*/, "operations: { write: 1 }").replace("200/s", "20/s"));
    return metrics["bytes.perOperation"] as number;
  };
  const added = bytes("1KiB") - bytes("20B");
  // Each entry is sent to four followers once, unless another follows before the answer to it.
  expect(added).toBeGreaterThanOrEqual(4 * (1024 - 20));
  expect(added).toBeLessThan(4.6 * (1024 - 20));
});
