/** The scenarios that are built into the page. */
/// <reference types="vite/client" />
import { parse } from "yaml";

export interface BundledScenario {
  /** `raft/leader-isolated`. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly protocol: string;
  readonly source: string;
}

/** Stands first. */
const FLAGSHIP = "raft/leader-isolated";

const sources = import.meta.glob("../scenarios/**/*.yaml", { query: "?raw", import: "default", eager: true }) as { readonly [path: string]: string };

export const scenarios: readonly BundledScenario[] = Object.entries(sources)
  .map(([path, source]) => bundled(path, source))
  .sort((a, b) => Number(b.id === FLAGSHIP) - Number(a.id === FLAGSHIP) || a.id.localeCompare(b.id, "en"));

export function scenarioOf(id: string): BundledScenario | undefined {
  return scenarios.find((scenario) => scenario.id === id);
}

function bundled(path: string, source: string): BundledScenario {
  const id = path.replace(/^.*?scenarios\//, "").replace(/\.yaml$/, "");
  const { name = id, description = "", protocol = "" } = (parse(source) ?? {}) as { name?: string; description?: string; protocol?: string };
  return { id, title: String(name), description: String(description).trim(), protocol: String(protocol), source };
}
