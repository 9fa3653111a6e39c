/** Where two runs differ, for the terminal and as JSON. */
import { parse } from "yaml";
import {
  differencesGiven, differingSettings, endpointName, explainDifference, formatCount, formatTime, formatValue, mutantOf,
  type ComparedRun, type Difference, type DifferenceOptions, type GivenDifference, type SideOfDifference, type ToldEvent,
} from "../explain/index.ts";
import { compareRuns, type FieldDifference } from "../trace/compare.ts";
import { EventLookup } from "../trace/lookup.ts";
import type { OpenSide } from "./diff-runs.ts";
import { alignRows, wrap, type Paint } from "./terminal.ts";

export interface Compared {
  readonly a: OpenSide;
  readonly b: OpenSide;
  readonly given: readonly GivenDifference[];
  /** Of the scenario's file, by path. */
  readonly settings: readonly FieldDifference[];
  /** Undefined: the runs are equal. */
  readonly difference: Difference | undefined;
}

export interface DiffStyle {
  readonly paint: Paint;
  readonly columns: number;
  /** How this program is called here: `splitbrain`, or `npx splitbrain`. */
  readonly program: string;
  readonly isQuiet?: boolean;
}

/** Compares two runs. Throws a TraceError where what must be read of them is damaged. */
export function compare(a: OpenSide, b: OpenSide, limits: DifferenceOptions): Compared {
  const [ofA, ofB] = [comparedRun(a), comparedRun(b)];
  const difference = explainDifference(compareRuns(ofA.events, ofB.events), ofA, ofB, limits);
  return { a, b, given: differencesGiven(a.trace, b.trace), settings: differingSettings(fileOf(a), fileOf(b)), difference };
}

/** The scenario's file as plain data; nothing where it is none that can be read. */
function fileOf({ trace: { header } }: OpenSide): unknown {
  try {
    return parse(header.source, { logLevel: "silent" });
  } catch {
    return undefined;
  }
}

function comparedRun({ trace, words }: OpenSide): ComparedRun {
  return { events: new EventLookup(trace), names: trace.header, words };
}

// JSON

/** What `--json` prints; fields are only ever added within a version. */
export function jsonOf({ a, b, given, settings, difference }: Compared, style: DiffStyle): object {
  return {
    version: 1,
    equal: difference === undefined,
    event: difference?.event ?? null,
    timeNs: difference?.timeNs ?? null,
    ...(difference !== undefined && { kind: difference.kind, what: difference.what, detail: difference.detail, fields: difference.fields.map(jsonOfField) }),
    given,
    settings: settings.map(jsonOfField),
    a: jsonOfSide(a, difference?.a, difference?.event, style),
    b: jsonOfSide(b, difference?.b, difference?.event, style),
  };
}

/** JSON leaves out what is undefined: a field that is not there is null on that side. */
function jsonOfField({ field, a, b }: FieldDifference): object {
  return { field, a: a ?? null, b: b ?? null };
}

function jsonOfSide({ name, path, trace }: OpenSide, side: SideOfDifference | undefined, event: number | null | undefined, style: DiffStyle): object {
  const { header, footer } = trace;
  const run = { name, scenario: header.scenario, protocol: header.protocol, mutant: mutantOf(footer.result), seed: header.seed, program: header.program };
  const all = { ...run, digest: footer.digest, events: footer.events, complete: footer.complete };
  if (side === undefined || event === null || event === undefined) return all;
  const { here, text, context, causes, counterpart } = side;
  return { ...all, trace: path, view: viewCommand(path, event, footer.events, style), text, here, causes, context, counterpart };
}

/** How the replay is opened there; where the run is over already, at its end. */
function viewCommand(path: string, event: number, events: number, { program }: DiffStyle): string {
  const shown = /^[\w./=:@,+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
  return `${program} view ${shown} --at ${Math.max(0, Math.min(event, events - 1))}`;
}

// Text

export function formatComparison(compared: Compared, style: DiffStyle): string {
  const { a, b, difference } = compared;
  if (difference === undefined) return style.isQuiet ? equalInOneLine(a) : sections(equalInOneLine(a), sides(a, b, style), givenSection(compared, style));
  const heading = style.paint.bold(style.paint.red(headline(difference)));
  if (style.isQuiet) return heading;
  const whatDiffers = [style.paint.bold(`What differs first is ${difference.what}`), `  ${wrap(difference.detail, style.columns - 2, "  ")}`].join("\n");
  return sections(heading, sides(a, b, style), givenSection(compared, style), whatDiffers, eventsSection(difference, style), fieldsSection(compared, difference, style), causesSection(difference, style), viewSection(compared, difference, style));
}

const sections = (...parts: readonly string[]): string => parts.filter((part) => part !== "").join("\n\n");

function equalInOneLine({ trace: { footer } }: OpenSide): string {
  return `The runs are equal: ${formatCount(footer.events)} events, digest ${footer.digest}`;
}

function headline({ event, timeNs }: Difference): string {
  if (event === null) return "The runs have the same events, and another digest";
  const before = event === 0 ? "; they have no event in common" : event === 1 ? "; the one before it is the same" : `; the ${formatCount(event)} before it are the same`;
  return `The runs differ from event ${event} on, at ${formatTime(timeNs ?? 0)}${before}`;
}

function sides(a: OpenSide, b: OpenSide, { paint }: DiffStyle): string {
  const row = (side: string, { name, trace: { footer } }: OpenSide): string[] => {
    const state = footer.complete ? "" : " · interrupted";
    return [`  ${paint.bold(side)}`, name, paint.dim(`${formatCount(footer.events)} events · digest ${footer.digest}${state}`)];
  };
  return alignRows([row("a", a), row("b", b)]).join("\n");
}

const MOST_SETTINGS = 16;

function givenSection({ given, settings, difference }: Compared, style: DiffStyle): string {
  const { paint } = style;
  if (given.length === 0 && settings.length === 0) {
    if (difference === undefined) return "";
    const text = "Nothing: the scenario, the seed and the program's version are the same. The program has changed without another version, or the protocol remembers something from run to run.";
    return `${paint.bold("What was given differently")}\n  ${wrap(text, style.columns - 2, "  ")}`;
  }
  const rows = given.map(({ what, a, b }) => [`  ${what === "durationNs" ? "duration" : what}`, givenInWords(what, a), "|", givenInWords(what, b)]);
  const shown = settings.slice(0, MOST_SETTINGS).map(({ field, a, b }) => [`  ${field}`, settingInWords(a), "|", settingInWords(b)]);
  const more = settings.length > MOST_SETTINGS ? [paint.dim(`  … and ${settings.length - MOST_SETTINGS} more settings, with --json`)] : [];
  return [paint.bold("What was given differently"), ...alignRows([["", "a", "", "b"], ...rows, ...shown]), ...more].join("\n");
}

const settingInWords = (value: unknown): string => (value === undefined ? "–" : formatValue(value, 40));

function givenInWords(what: string, value: unknown): string {
  if (what === "durationNs") return formatTime(value as number);
  if (value === null) return what === "mutant" ? "none" : "–";
  return Array.isArray(value) ? (value.length === 0 ? "none" : value.join(", ")) : String(value);
}

/** The events around the place: what both have, then each side by itself. */
function eventsSection({ event, a, b }: Difference, { paint }: DiffStyle): string {
  if (event === null) return "";
  const row = (side: string, told: ToldEvent): string[] => [`  ${side === "" ? " " : paint.bold(side)}`, `#${told.event}`, formatTime(told.timeNs), told.text];
  const own = (name: string, side: SideOfDifference): string[][] => {
    const rows = side.context.filter(({ common }) => !common).map((told) => row(name, told));
    return rows.length > 0 || side.here !== null ? rows : [[`  ${paint.bold(name)}`, "–", "", paint.dim("nothing more")]];
  };
  const rows = [...a.context.filter(({ common }) => common).map((told) => row("", told)), ...own("a", a), ...own("b", b)];
  return rows.length === 0 ? "" : [paint.bold("What happens there"), ...alignRows(rows)].join("\n");
}

const MOST_FIELDS = 12;

function fieldsSection({ a, b }: Compared, { event, fields }: Difference, { paint }: DiffStyle): string {
  if (fields.length === 0) return "";
  const rows = fields.slice(0, MOST_FIELDS).map((one) => [`  ${one.field}`, fieldInWords(one.field, one.a, a), "|", fieldInWords(one.field, one.b, b)]);
  const more = fields.length > MOST_FIELDS ? [paint.dim(`  … and ${fields.length - MOST_FIELDS} more, with --json`)] : [];
  return [paint.bold(`Fields of event ${event} that differ`), ...alignRows([["", "a", "", "b"], ...rows]), ...more].join("\n");
}

/** A field as the rest of the report says it: moments with their unit, endpoints by name. */
function fieldInWords(field: string, value: unknown, { trace: { header } }: OpenSide): string {
  if (value === undefined || value === "" || value === null) return "–";
  if (field === "time" || field === "nodeTime") return formatTime(value as number);
  if (typeof value === "number" && value < 0 && field in { node: 0, peer: 0, cause: 0, operation: 0, process: 0, message: 0, fault: 0, of: 0 }) return "–";
  if (field === "node" || field === "peer") return endpointName(value as number, header);
  return Object.is(value, -0) ? "-0" : formatValue(value, 40);
}

function causesSection({ event, a, b }: Difference, { paint }: DiffStyle): string {
  if (event === null || a.causes.length + b.causes.length === 0) return "";
  const behindA = new Set(a.causes.filter(({ common }) => common).map((told) => told.event));
  const row = (name: string, { event: id, timeNs, text, common }: ToldEvent, index: number): string[] => {
    const mark = name === "b" && behindA.has(id) ? "in both, as behind a" : common ? "in both" : "";
    return [`  ${index === 0 ? paint.bold(name) : " "} ${index === 0 ? " " : "←"} #${id}`, formatTime(timeNs), paint.dim(mark), text];
  };
  const rows = (name: string, { causes, isCut }: SideOfDifference): string[][] => {
    // Where the two chains meet, the rest of the second is that of the first.
    const meeting = name === "b" ? causes.findIndex((told) => behindA.has(told.event)) : -1;
    const told = (meeting < 0 ? causes : causes.slice(0, meeting + 1)).map((one, index) => row(name, one, index));
    return isCut && meeting < 0 ? [...told, ["    …", "", "", paint.dim("there are more: --causes N")]] : told;
  };
  return [paint.bold("What led to it"), ...alignRows([...rows("a", a), ...rows("b", b)])].join("\n");
}

function viewSection({ a, b }: Compared, { event }: Difference, style: DiffStyle): string {
  if (event === null) return "";
  const line = ({ path, trace }: OpenSide): string => `  ${style.paint.bold(viewCommand(path, event, trace.footer.events, style))}`;
  return [style.paint.bold("The replay at that point"), line(a), line(b)].join("\n");
}
