/** A hunt's result as JUnit's XML, which most services that run tests read: a case a distinct failure, and one for all the rest. */
import { missingSentence } from "./hunt-missing.ts";
import type { HuntResult } from "./hunt-result.ts";

/** One case of a suite. With neither a failure nor an error it passed, unless it was skipped. */
export interface TestCase {
  readonly className: string;
  readonly name: string;
  readonly seconds?: number | undefined;
  readonly failure?: { readonly type: string; readonly message: string; readonly text?: string | undefined } | undefined;
  readonly error?: { readonly type: string; readonly message: string; readonly text?: string | undefined } | undefined;
  readonly isSkipped?: boolean | undefined;
}

export function formatJunit(result: HuntResult): string {
  const { scenario, protocol, mutant, runs, failures, withoutVerdict, wallTimeMs, missing = [] } = result;
  const className = `splitbrain.${protocol}`;
  const seconds = wallTimeMs / 1000;
  const cases = [
    ...failures.map(({ name, seed, message, scenario: file, trace }): TestCase => ({ className, name: `${name} (seed ${seed})`, failure: { type: name, message, text: `${message}\nsplitbrain run ${file}\nsplitbrain view ${trace}` } })),
    ...withoutVerdict.map(({ kind, seed, runs: count, message }): TestCase => ({ className, name: `${kind} (seed ${seed}, ${count} in all)`, error: { type: kind, message } })),
    ...missing.map((part): TestCase => ({ className, name: `shard ${part.shard}`, error: { type: "missing", message: missingSentence(part), text: part.command } })),
    // Without a case of its own a campaign without failures would look like one that tested nothing.
    { className, name: `${runs} runs`, seconds, isSkipped: runs === 0 },
  ];
  return testSuites("splitbrain hunt", mutant === undefined ? scenario : `${scenario} (${mutant})`, cases, propertiesOf(result), seconds);
}

/** A document with one suite. */
export function testSuites(title: string, suite: string, cases: readonly TestCase[], properties: readonly (readonly [string, string | number])[], seconds: number): string {
  const count = (is: (one: TestCase) => unknown): number => cases.filter(is).length;
  const counts = `tests="${cases.length}" failures="${count(({ failure }) => failure)}" errors="${count(({ error }) => error)}" skipped="${count(({ isSkipped }) => isSkipped)}" time="${seconds.toFixed(3)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name=${attribute(title)} ${counts}>`,
    `  <testsuite name=${attribute(suite)} ${counts}>`,
    "    <properties>",
    ...properties.map(([name, value]) => `      <property name="${name}" value=${attribute(String(value))}/>`),
    "    </properties>",
    ...cases.map(testCase),
    "  </testsuite>",
    "</testsuites>",
  ].join("\n");
}

function testCase({ className, name, seconds, failure, error, isSkipped }: TestCase): string {
  const begin = `    <testcase classname=${attribute(className)} name=${attribute(name)}${seconds === undefined ? "" : ` time="${seconds.toFixed(3)}"`}`;
  const inner = (text: string): string => `${begin}>\n      ${text}\n    </testcase>`;
  if (failure !== undefined) return inner(`<failure type=${attribute(failure.type)} message=${attribute(failure.message)}>${content(failure.text ?? failure.message)}</failure>`);
  if (error?.text !== undefined) return inner(`<error type=${attribute(error.type)} message=${attribute(error.message)}>${content(error.text)}</error>`);
  if (error !== undefined) return inner(`<error type=${attribute(error.type)} message=${attribute(error.message)}/>`);
  return isSkipped === true ? `${begin}><skipped/></testcase>` : `${begin}/>`;
}

function propertiesOf({ verdict, firstSeed, runs, events, virtualTimeNs, ended }: HuntResult): [string, string | number][] {
  return [["verdict", verdict], ["firstSeed", firstSeed], ["runs", runs], ["events", events], ["virtualTimeNs", virtualTimeNs], ["ended", ended]];
}

/** XML has no way to write most control characters, not even by their codes. */
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

function content(text: string): string {
  return text.replace(FORBIDDEN, "�").replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function attribute(text: string): string {
  return `"${content(text).replaceAll('"', "&quot;").replaceAll("\n", "&#10;").replaceAll("\r", "&#13;").replaceAll("\t", "&#9;")}"`;
}
