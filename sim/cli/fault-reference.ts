/** The reference of the faults, from their own descriptions: what each takes, in which units, and where it comes from. */
import { distributionNames } from "../scenario/distributions.ts";
import { faultItem, faultKinds } from "../scenario/format/faults.ts";
import { defaultText } from "../scenario/json-schema.ts";
import { selectorWords } from "../scenario/selectors.ts";
import type { FaultKind, FieldsShape, FileShape, ShapeOf } from "../scenario/shape.ts";
import type { Listed } from "./commands/list.ts";
import { alignRows, wrap, type Terminal } from "./terminal.ts";

/** One thing that a fault takes: under its own key, below it, or beside it. */
export interface Parameter {
  /** The key; the fault's own where its value is no map. */
  readonly name: string;
  /** In the words of the legend: `SEL`, `SHARE`, `nothing | unsynced`. */
  readonly takes: string;
  readonly summary: string;
  readonly required: boolean;
  readonly default?: unknown;
}

export interface ListedFault extends Listed {
  /** As it stands in a scenario: `flaky: { nodes: SEL, loss: SHARE }`, a form each. */
  readonly forms: readonly string[];
  readonly parameters: readonly Parameter[];
  /** Whether its selectors may name clients. */
  readonly clients: boolean;
  /** It happens in an instant, and takes no `for`. */
  readonly instant: boolean;
  readonly source: string;
}

/** What the words of the forms stand for. */
export const legend: { readonly [word: string]: string } = {
  SEL: `whom, found when the fault begins: n1, [n1, n2], ${selectorWords.join(", ")}, random(2), zone(eu)`,
  SHARE: "a share: 30%",
  TIME: "150us, 20ms, 5s, 2m, 1h; where it is drawn, a range: 2s..4s",
  DIST: `a time, a range, or a distribution of times: ${distributionNames.join(", ")}; lognormal(1ms 8ms)`,
  DRIFT: "a clock's: 500ppm, -20ppb",
  N: "a whole number",
  X: "a number",
};

export function listFaults(): ListedFault[] {
  return Object.entries(faultKinds).map(([name, fault]) => ({
    name,
    summary: fault.summary,
    forms: formsOf(name, fault),
    parameters: [...parametersOf(name, fault.params as FileShape, true), ...Object.entries(fault.beside ?? {}).map(([key, shape]) => parameter(key, shape as FileShape, false))],
    clients: fault.strikesClients === true,
    instant: fault.instant === true,
    source: fault.source ?? "",
  }));
}

/** What every fault may have: when, how long, and its name. */
export function commonParameters(): Parameter[] {
  const { common } = faultItem(undefined) as ShapeOf<"fault">;
  return Object.entries(common).map(([name, shape]) => parameter(name, shape, false));
}

function formsOf(name: string, { params, beside = {} }: FaultKind): string[] {
  const besides = Object.entries(beside).map(([key, shape]) => `, ${key}?: ${takes(shape as FileShape)}`).join("");
  return alternatives(params as FileShape).map((form) => `${name}: ${form}${besides}`);
}

/** The forms of a value: of keys that exclude each other, one each. */
function alternatives(shape: FileShape): string[] {
  if (shape.type === "either") return [...alternatives(shape.scalar), ...alternatives(shape.map)];
  if (shape.type !== "fields") return [takes(shape)];
  const [group, ...others] = shape.oneOf ?? [];
  if (group === undefined) return [`{ ${keysOf(shape).join(", ")} }`];
  return group.flatMap((chosen) => {
    const fields = Object.fromEntries(Object.entries(shape.fields).filter(([key]) => key === chosen || !group.includes(key)));
    return alternatives({ ...shape, fields, oneOf: others, required: [...(shape.required ?? []), chosen] });
  });
}

function keysOf({ fields, required = [] }: FieldsShape): string[] {
  return Object.entries(fields).map(([key, shape]) => `${key}${required.includes(key) ? "" : "?"}: ${takes(shape)}`);
}

function parametersOf(name: string, shape: FileShape, required: boolean): Parameter[] {
  if (shape.type === "either") return [...parametersOf(name, shape.scalar, required), ...parametersOf(name, shape.map, required)];
  if (shape.type !== "fields") return [parameter(name, shape, required)];
  return Object.entries(shape.fields).map(([key, field]) => parameter(key, field, shape.required?.includes(key) === true));
}

function parameter(name: string, shape: FileShape, required: boolean): Parameter {
  const usual = defaultText(shape);
  return { name, takes: takes(shape), summary: shape.summary ?? usualSummaries[shape.type] ?? "", required, ...(usual !== undefined && { default: usual }) };
}

/** What is meant where nothing more is said. */
const usualSummaries: { readonly [type: string]: string } = { selector: "Whom it strikes." };

const words: { readonly [type: string]: string } = {
  boolean: "true | false",
  integer: "N",
  number: "X",
  ratio: "SHARE",
  duration: "TIME",
  durationRange: "TIME",
  window: "[TIME, TIME]",
  drift: "DRIFT",
  distribution: "DIST",
  selector: "SEL",
  link: "[SEL, SEL]",
  text: "text",
  event: "event",
};

function takes(shape: FileShape): string {
  if (shape.type === "choice") return shape.of.join(" | ");
  if (shape.type === "groups") return shape.count === undefined ? "[SEL, SEL, …]" : `[${new Array(shape.count).fill("SEL").join(", ")}]`;
  if (shape.type === "list") return `[${shape.of.type === "choice" ? "kind" : takes(shape.of)}, …]`;
  if (shape.type === "fields" || shape.type === "either") return alternatives(shape).join(" or ");
  return words[shape.type] ?? shape.type;
}

/** A line or two each, with the forms; `isLong`: everything that is known of each. */
export function printFaults(terminal: Terminal, isLong: boolean): void {
  const faults = listFaults();
  terminal.print(faults.map((fault) => (isLong ? longEntry(fault, terminal) : shortEntry(fault, terminal, faults))).join(isLong ? "\n\n" : "\n"));
  terminal.print(`\n${footer(terminal, isLong)}`);
}

function shortEntry({ name, summary, forms }: ListedFault, { columns, paint }: Terminal, all: readonly Listed[]): string {
  const widest = Math.max(...all.map((one) => one.name.length));
  const margin = " ".repeat(widest + 2);
  const text = (line: string): string => wrap(line, columns - margin.length, margin);
  const lines = [text(summary), ...forms.map((form) => paint.dim(text(form)))];
  return `${paint.bold(name)}${" ".repeat(widest - name.length)}  ${lines.join(`\n${margin}`)}`;
}

function longEntry(fault: ListedFault, terminal: Terminal): string {
  const { paint, columns } = terminal;
  const facts = [
    ...(fault.clients ? ["It may strike clients that it names."] : []),
    ...(fault.instant ? ["It happens in an instant, and takes no `for`."] : []),
    ...(fault.source === "" ? [] : [`From: ${fault.source}`]),
  ];
  return [
    paint.bold(fault.name),
    `  ${wrap(fault.summary, columns - 2, "  ")}`,
    ...fault.forms.map((form) => `  ${paint.cyan(wrap(form, columns - 2, "      "))}`),
    ...parameterRows(fault.parameters, terminal),
    ...facts.map((fact) => `  ${paint.dim(wrap(fact, columns - 2, "  "))}`),
  ].join("\n");
}

/** Wide choices would leave no room for their meaning: it stands below them. */
const WIDEST = 28;

function parameterRows(parameters: readonly Parameter[], { columns }: Terminal): string[] {
  const names = Math.max(...parameters.map(({ name }) => name.length));
  const types = Math.max(...parameters.map((one) => (one.takes.length > WIDEST ? 0 : one.takes.length)));
  const margin = " ".repeat(4 + names + 2 + types + 2);
  return parameters.map(({ name, takes: of, summary, default: usual }) => {
    const text = [summary, ...(usual === undefined ? [] : [`Default: ${String(usual)}.`])].filter((part) => part !== "").join(" ");
    const said = wrap(text, columns - margin.length, margin);
    return `    ${name.padEnd(names)}  ${of.length > WIDEST ? `${of}\n${margin}` : `${of.padEnd(types)}  `}${said}`.trimEnd();
  });
}

function footer(terminal: Terminal, isLong: boolean): string {
  const { columns, paint } = terminal;
  const widest = Math.max(...Object.keys(legend).map((word) => word.length));
  const rows = Object.entries(legend).map(([word, meaning]) => [`  ${word}`, wrap(meaning, columns - widest - 4, " ".repeat(widest + 4))]);
  const common = commonParameters();
  const company = isLong
    ? ["", paint.bold("Every fault takes"), ...parameterRows(common, terminal)]
    : ["", wrap(`Every fault takes ${common.map(({ name }) => name).join(", ")} as well. All about each: splitbrain list faults --long`, columns)];
  return [paint.bold("where"), ...alignRows(rows), ...company].join("\n");
}
