/** A hunt's result as JUnit's XML, which most services that run tests read: a case a distinct failure, and one for all the rest. */
import { missingSentence } from "./hunt-missing.ts";
import type { HuntResult } from "./hunt-result.ts";

export function formatJunit(result: HuntResult): string {
  const { scenario, protocol, mutant, runs, failures, withoutVerdict, wallTimeMs, missing = [] } = result;
  const suite = attribute(mutant === undefined ? scenario : `${scenario} (${mutant})`);
  const seconds = (wallTimeMs / 1000).toFixed(3);
  const className = attribute(`splitbrain.${protocol}`);
  const begin = (name: string): string => `    <testcase classname=${className} name=${attribute(name)}`;
  const cases = [
    ...failures.map(({ name, seed, message, scenario: file, trace }) => `${begin(`${name} (seed ${seed})`)}>\n      <failure type=${attribute(name)} message=${attribute(message)}>${content(`${message}\nsplitbrain run ${file}\nsplitbrain view ${trace}`)}</failure>\n    </testcase>`),
    ...withoutVerdict.map(({ kind, seed, runs: count, message }) => `${begin(`${kind} (seed ${seed}, ${count} in all)`)}>\n      <error type=${attribute(kind)} message=${attribute(message)}/>\n    </testcase>`),
    ...missing.map((part) => `${begin(`shard ${part.shard}`)}>\n      <error type="missing" message=${attribute(missingSentence(part))}>${content(part.command)}</error>\n    </testcase>`),
    // Without a case of its own a campaign without failures would look like one that tested nothing.
    `${begin(`${runs} runs`)} time="${seconds}"${runs > 0 ? "/>" : "><skipped/></testcase>"}`,
  ];
  const counts = `tests="${cases.length}" failures="${failures.length}" errors="${withoutVerdict.length + missing.length}" skipped="${runs > 0 ? 0 : 1}" time="${seconds}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="splitbrain hunt" ${counts}>`,
    `  <testsuite name=${suite} ${counts}>`,
    "    <properties>",
    ...propertiesOf(result).map(([name, value]) => `      <property name="${name}" value=${attribute(String(value))}/>`),
    "    </properties>",
    ...cases,
    "  </testsuite>",
    "</testsuites>",
  ].join("\n");
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
