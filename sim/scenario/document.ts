/** A scenario's YAML as a tree whose every node knows the place in the text that it came from. */
import type { Alias, Document, Node, YAMLError } from "yaml";
import { isAlias, isMap, isNode, isScalar, isSeq, parseDocument } from "yaml";
import type { Diagnostic } from "./diagnostics.ts";
import { InputError } from "./diagnostics.ts";

/** A text that nodes came from: the file, or an override, whose value begins at an offset. */
export class Source {
  readonly file: string;
  readonly text: string;
  readonly offset: number;

  constructor(file: string, text: string, offset = 0) {
    this.file = file;
    this.text = text;
    this.offset = offset;
  }

  /** A mistake from one position up to, and without, another, counted from the offset. */
  diagnostic(from: number, end: number, message: string, hint?: string): Diagnostic {
    const at = Math.max(0, Math.min(from + this.offset, this.text.length));
    const to = end + this.offset;
    const before = this.text.slice(0, at);
    const lineStart = before.lastIndexOf("\n") + 1;
    const newline = this.text.indexOf("\n", at);
    const lineEnd = newline < 0 ? this.text.length : newline;
    const excerpt = this.text.slice(lineStart, lineEnd).replace(/\r$/, "");
    // A mistake that spans lines is underlined to the end of its first.
    const length = Math.max(1, Math.min(to, lineStart + excerpt.length) - at);
    const line = before.split("\n").length;
    return { file: this.file, line, column: at - lineStart + 1, message, excerpt, length, ...(hint === undefined ? {} : { hint }) };
  }
}

/** Deeper than any scenario; beyond it, parsers and readers would run out of stack. */
const DEEPEST = 100;

/** The tree of one document, and which text each part of it came from. */
export class ScenarioDocument {
  readonly yaml: Document.Parsed;
  readonly source: Source;
  /** For the roots of what overrides put in; everything below them is theirs. */
  readonly #origins = new Map<unknown, Source>();
  /** Looked up once: the parser's own way walks the whole document for each. */
  readonly #aliases: Map<Alias, Node | undefined>;
  isOverridden = false;

  /** Throws an InputError where the text is no YAML or not one document. */
  constructor(text: string, file: string) {
    this.source = new Source(file, text);
    this.yaml = parse(this.source);
    this.#aliases = aliasesOf(this.yaml.contents);
  }

  get root(): Node | null {
    return this.yaml.contents;
  }

  /** The text after overrides. */
  get text(): string {
    return this.isOverridden ? this.yaml.toString({ lineWidth: 0 }) : this.source.text;
  }

  /** Says that a node, with all below it, came from an override. */
  setOrigin(node: unknown, source: Source): void {
    this.#origins.set(node, source);
    this.isOverridden = true;
  }

  originOf(node: unknown): Source | undefined {
    return this.#origins.get(node);
  }

  /** What an alias stands for; any other node is itself. An alias of nothing is a syntax error, found before. */
  resolve(node: unknown): Node | null {
    if (isAlias(node)) return this.#aliases.get(node) ?? (node.resolve(this.yaml) as Node | undefined) ?? null;
    return isNode(node) ? node : null;
  }
}

/** The text from the offset on, as YAML. Throws an InputError. */
export function parse(source: Source): Document.Parsed {
  const text = source.text.slice(source.offset);
  refuseDepth(source, text);
  let document: Document.Parsed;
  try {
    document = parseDocument(text, { version: "1.2", uniqueKeys: false, prettyErrors: false, strict: true, resolveKnownTags: false }) as Document.Parsed;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw tooDeep(source, 0);
  }
  const problems = [...document.errors, ...document.warnings];
  const aliases = problems.length > 0 ? [] : [...aliasesOf(document.contents)].filter(([, target]) => target === undefined);
  const mistakes = onePerLine(source, text, problems);
  for (const [{ range, source: name }] of aliases) {
    mistakes.push(source.diagnostic(range?.[0] ?? 0, range?.[1] ?? 1, `nothing is anchored as \`&${name}\` before this`));
  }
  if (document.directives.yaml.version !== "1.2") {
    mistakes.push(source.diagnostic(0, 5, "a scenario is YAML 1.2; this file asks for another version"));
  }
  if (mistakes.length > 0) throw new InputError(mistakes);
  return document;
}

/** The parser itself does not survive tens of thousands of brackets, or of dashes on a line. */
function refuseDepth(source: Source, text: string): void {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === "[" || character === "{") depth += 1;
    if (character === "]" || character === "}") depth = Math.max(0, depth - 1);
    if (depth > DEEPEST) throw tooDeep(source, at);
  }
  const dashes = /(?:[-?:][ \t]+){100}/.exec(text);
  if (dashes !== null) throw tooDeep(source, dashes.index);
  const indent = /^[ ]{1000}/m.exec(text);
  if (indent !== null) throw tooDeep(source, indent.index);
}

function tooDeep(source: Source, at: number): InputError {
  return new InputError([source.diagnostic(at, at + 1, "this is nested too deeply to be a scenario")]);
}

/** As many lines of what is no YAML are shown: a file of another kind stumbles on each of its thousands. */
const MOST_LINES = 10;

/** One slip makes a parser stumble several times; the first on each line is the one that says something. */
function onePerLine(source: Source, text: string, problems: readonly YAMLError[]): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const [index, problem] of problems.entries()) {
    const { message, hint, at } = inWords(text, problem);
    const one = source.diagnostic(at, problem.pos[1], message, hint);
    if (found.some(({ line }) => line === one.line)) continue;
    found.push(one);
    if (found.length < MOST_LINES || index === problems.length - 1) continue;
    found.push(source.diagnostic(at, problem.pos[1], "YAML stumbles on and on from here: is this a scenario?"));
    break;
  }
  return found;
}

const COMPARISON_HINT = "put quotes around a comparison: \">= 95%\"";

function inWords(text: string, problem: YAMLError): { message: string; hint?: string; at: number } {
  const at = problem.pos[0];
  const startsComparison = /^>[=\s]*[\d.]/.test(text.slice(at));
  if (startsComparison || /Block scalar header/.test(problem.message)) {
    const start = text[at - 1] === ">" ? at - 1 : at;
    return { message: "YAML reads a value that begins with `>` as a block of text", hint: COMPARISON_HINT, at: start };
  }
  switch (problem.code) {
    case "MULTIPLE_DOCS":
      return { message: "a scenario is one document; a second one begins here", at };
    case "TAB_AS_INDENT":
      return { message: "YAML is indented with spaces; here is a tab", at };
    case "BAD_ALIAS":
      return { message: `YAML: ${sentence(problem.message)}`, hint: "put quotes around a value that begins with `*`", at };
    case "BAD_SCALAR_START":
      return { message: `YAML: ${sentence(problem.message)}`, hint: "put quotes around the value", at };
    case "BLOCK_AS_IMPLICIT_KEY":
      return { message: "YAML finds a key where a value is going on", hint: "check the indentation; put quotes around a value with a colon", at };
    case "TAG_RESOLVE_FAILED":
      return { message: "a scenario has no use for YAML's tags", at };
    default:
      return { message: `YAML: ${sentence(problem.message)}`, at };
  }
}

/** In the middle of a sentence of ours. */
function sentence(text: string): string {
  const first = text.split("\n")[0] as string;
  return first.charAt(0).toLowerCase() + first.slice(1);
}

/** What each alias stands for: the last node before it that has its anchor. Undefined where there is none. */
function aliasesOf(root: Node | null): Map<Alias, Node | undefined> {
  const targets = new Map<Alias, Node | undefined>();
  const anchored = new Map<string, Node>();
  const visit = (node: unknown): void => {
    if (isAlias(node)) targets.set(node, anchored.get(node.source));
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) return;
    if (node.anchor !== undefined) anchored.set(node.anchor, node);
    if (isSeq(node)) node.items.forEach(visit);
    if (isMap(node)) node.items.forEach(({ key, value }) => [key, value].forEach(visit));
  };
  visit(root);
  return targets;
}
