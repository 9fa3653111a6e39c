import { expect, test } from "vitest";
import { importsOf, sourceFiles, type Import } from "./source.ts";

/** Who may import whom: the table of the design. `types:` allows types alone. The first floor that fits is a file's own. */
const floors: readonly { readonly floor: string; readonly is: RegExp; readonly may: readonly string[] }[] = [
  { floor: "sim/version.ts", is: /^sim\/version\.ts$/, may: [] },
  { floor: "sim/kernel", is: /^sim\/kernel\//, may: [] },
  { floor: "sim/protocol.ts", is: /^sim\/protocol\.ts$/, may: ["sim/kernel"] },
  { floor: "sim/trace", is: /^sim\/trace\//, may: ["types:sim/kernel"] },
  { floor: "protocols/index.ts", is: /^protocols\/index\.ts$/, may: ["protocols", "sim/protocol.ts"] },
  { floor: "protocols", is: /^protocols\//, may: ["sim/protocol.ts"] },
  { floor: "sim/world", is: /^sim\/world\//, may: ["sim/kernel", "sim/protocol.ts", "sim/trace"] },
  { floor: "sim/check", is: /^sim\/check\//, may: ["types:sim/trace"] },
  { floor: "sim/metrics", is: /^sim\/metrics\//, may: ["sim/trace"] },
  { floor: "sim/explain", is: /^sim\/explain\//, may: ["sim/trace", "types:sim/check", "types:sim/metrics"] },
  {
    floor: "sim/scenario",
    is: /^sim\/scenario\//,
    may: ["sim/kernel", "sim/protocol.ts", "sim/trace", "sim/world", "sim/check", "sim/metrics", "sim/explain", "sim/version.ts"],
  },
  {
    floor: "sim/campaign",
    is: /^sim\/campaign\//,
    may: ["sim/kernel", "sim/protocol.ts", "sim/trace", "sim/world", "sim/check", "sim/metrics", "sim/explain", "sim/scenario", "sim/version.ts"],
  },
  { floor: "sim/cli", is: /^sim\/cli\//, may: ["sim", "protocols", "protocols/index.ts", "viz"] },
  { floor: "sim/index.ts", is: /^sim\/(index|library)\.ts$/, may: ["sim", "protocols", "protocols/index.ts"] },
  { floor: "viz/worker.ts", is: /^viz\/worker/, may: ["viz", "sim", "protocols", "protocols/index.ts"] },
  {
    floor: "viz",
    is: /^viz\//,
    may: ["viz/worker.ts", "sim/trace", "sim/explain", "types:sim/scenario", "types:sim/metrics", "types:sim/check", "sim/version.ts", "types:sim/protocol.ts"],
  },
];

const floorOf = (file: string): (typeof floors)[number] | undefined => floors.find(({ is }) => is.test(file));

function isAllowed({ from, to, typesOnly }: Import): boolean {
  const own = floorOf(from)!;
  const other = floorOf(to);
  if (other === undefined) return true; // A package, or a file that is not code.
  if (own.floor === "protocols" && other.floor === "protocols") return from.split("/")[1] === to.split("/")[1];
  if (own.floor === other.floor) return true;
  const names = other.floor.startsWith("sim/") ? ["sim", other.floor] : [other.floor];
  return names.some((name) => own.may.includes(name) || (typesOnly && own.may.includes(`types:${name}`)));
}

const files = sourceFiles("sim", "protocols", "viz");

test("every source file lives on a floor of the house", () => {
  expect(files.filter((file) => floorOf(file) === undefined)).toEqual([]);
});

test("imports run down the floors of the house only", () => {
  const wrong = files.flatMap(importsOf).filter((one) => !isAllowed(one));
  const cures = wrong.map(({ from, to, line }) => `${from}:${line} imports ${to}: ${floorOf(from)!.floor} may import ${floorOf(from)!.may.join(", ") || "nothing of ours"}. Move the code down, or hand the thing in.`);
  expect(cures).toEqual([]);
});

test("files never import each other in a circle", () => {
  const edges = new Map(files.map((file) => [file, importsOf(file).filter(({ typesOnly }) => !typesOnly).map(({ to }) => to)]));
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) return void circles.push([...path.slice(path.indexOf(file)), file].join(" → "));
    if (done.has(file)) return;
    for (const to of edges.get(file) ?? []) visit(to, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  expect(circles).toEqual([]);
});

test("only the command line and the files named *.node.ts import Node's own modules", () => {
  const isNode = (name: string): boolean => /^(node:|fs$|path$|os$|url$|child_process$|worker_threads$|process$)/.test(name);
  const allowed = (file: string): boolean => /^sim\/cli\/|^sim\/campaign\/workers|\.node\.ts$|^viz\/vite\.config\.ts$/.test(file);
  const wrong = files.filter((file) => !allowed(file)).flatMap(importsOf).filter(({ to }) => isNode(to));
  expect(wrong.map(({ from, to, line }) => `${from}:${line} imports ${to}, and must run in a browser: move it to a file named *.node.ts`)).toEqual([]);
});

test("no source file is dead: something imports it, or it is an entry", () => {
  const entries = new Set(["sim/index.ts", "sim/cli/main.node.ts", "sim/cli/campaign-worker.node.ts", "sim/cli/build.mjs", "sim/cli/schemas.ts", "viz/vite.config.ts", "viz/main.ts", "viz/worker.ts", "viz/sweep/main.ts", "viz/history/main.ts"]);
  const used = new Set([...files, ...sourceFiles("test")].flatMap(importsOf).map(({ to }) => to));
  const usedBySource = new Set(files.flatMap(importsOf).map(({ to }) => to));
  const dead = files.filter((file) => !entries.has(file) && !usedBySource.has(file));
  expect(dead.map((file) => `${file} is imported by ${used.has(file) ? "tests alone" : "nobody"}: use it or delete it`)).toEqual([]);
});
