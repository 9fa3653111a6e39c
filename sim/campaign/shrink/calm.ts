/** A gentler world: usual network, right clocks, even disks, nothing set that has a default. */
import { without, withPart, type Fields, type ScenarioData } from "./data.ts";
import type { Pass } from "./pass.ts";

/** All at once: what fails for a reason fails without any of it. */
export const calmWorld: Pass = async ({ search, seeds }) => {
  const { data } = search;
  const latencies = [undefined, "5ms", "20ms"];
  const network = (data["network"] ?? {}) as Fields;
  const rest = without(data, "network", "clocks", "disk", "cpu");
  const isCalm = Object.keys(rest).length === Object.keys(data).length;
  const isEven = Object.keys(network).every((key) => key === "latency") && /^[\d.]*[a-z]*$/.test(String(network["latency"] ?? ""));
  if (isCalm || (isEven && Object.keys(without(data, "clocks", "disk", "cpu")).length === Object.keys(data).length)) return;
  if (await search.acceptsOne(latencies.map((latency) => (latency === undefined ? rest : { ...rest, network: { latency } })), seeds)) return;
  // It may live on what the network does to messages.
  const noises = Object.keys(network).filter((key) => key !== "latency");
  await search.acceptsOne(noises.map((key) => ({ ...rest, network: { latency: "5ms", [key]: network[key] } })), seeds);
};

/** Each setting by itself. */
export const fewerSettings: Pass = async ({ search }) => {
  for (const part of ["network", "clocks", "disk", "cpu", "options", "workload"]) {
    const kept = part === "options" ? ["mutant"] : part === "workload" ? ["script", "clients"] : [];
    if (part !== "workload" && (await search.accepts(withOnly(search.data, part, kept)))) continue;
    for (const key of Object.keys((search.data[part] ?? {}) as Fields)) {
      if (!kept.includes(key)) await search.accepts(withPart(search.data, part, without(search.data[part] as Fields, key)));
    }
  }
  await evenLatency(search.data, (candidate) => search.accepts(candidate));
};

function withOnly(data: ScenarioData, part: string, kept: readonly string[]): ScenarioData {
  const fields = (data[part] ?? {}) as Fields;
  return withPart(data, part, without(fields, ...Object.keys(fields).filter((key) => !kept.includes(key))));
}

async function evenLatency(data: ScenarioData, accepts: (candidate: ScenarioData) => Promise<boolean>): Promise<void> {
  const network = (data["network"] ?? {}) as Fields;
  if (network["latency"] === undefined || /^[\d.]+[a-z]+$/.test(String(network["latency"]))) return;
  for (const latency of ["1ms", "5ms", "20ms"]) if (await accepts({ ...data, network: { ...network, latency } })) return;
}
