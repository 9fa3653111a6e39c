import { describe, expect, it } from "vitest";
import { mistakes, mistakesIn } from "./support.ts";

/** A text after its two first lines, and its mistakes as `line:column message`. */
type Row = readonly [what: string, text: string, ...expected: string[]];

function table(name: string, rows: readonly Row[], protocol = "kv"): void {
  describe(name, () => {
    it.each(rows)("%s", (_what, text, ...expected) => {
      expect(mistakes(text, {}, protocol)).toEqual(expected);
    });
  });
}

table("keys", [
  ["an unknown key", "colour: blue", "3:1 unknown key `colour`"],
  ["a misspelt one", "seeed: 5", "3:1 unknown key `seeed`, did you mean `seed`?"],
  ["a misspelt one whose value is wrong too", "duraton: 5", "3:1 unknown key `duraton`, did you mean `duration`?", "3:10 a duration needs a unit: 20ms, 5s"],
  ["inside a map", "network: { los: 1% }", "3:12 unknown key `los`, did you mean `loss`?"],
  ["of an option", "options: { electionTimeuot: 5ms }", "3:12 unknown option `electionTimeuot`, did you mean `electionTimeout`?"],
  ["twice", "seed: 1\nseed: 2", "4:1 the key `seed` stands twice"],
  ["without a value", "network:", "3:1 expected a map of keys and values, found nothing"],
  ["that is a list", "? [a, b]\n: 5", "3:3 expected a key, found a list"],
  ["that every object has", "constructor: 5\n__proto__: 6", "3:1 unknown key `constructor`", "4:1 unknown key `__proto__`"],
  ["missing", "network: { loss: 1% }\nexpect: { converged: {} }", "4:22 the key `within` is missing"],
]);

table("values", [
  ["a duration without a unit", "duration: 20", "3:11 a duration needs a unit: 20ms, 5s"],
  ["a duration of nothing", "duration: 0s", "3:11 this must be more than 0"],
  ["a negative duration", "duration: -5s", "3:11 `-5s` is negative; a duration here is not"],
  ["a list for a duration", "duration: [5s]", "3:11 expected a duration such as 20ms or 5s, found a list"],
  ["a share without a percent sign", "network: { loss: 0.1 }", "3:18 a share needs a percent sign: 1%, 0.5%"],
  ["a seed that is negative", "seed: -1", "3:7 `-1` is too small: at least 0 is expected here"],
  ["a seed beyond the safe integers", "seed: 9007199254740993", "3:7 `9007199254740993` is too large: at most 9007199254740991 is expected here"],
  ["a seed that is text", 'seed: "5"', '3:7 expected a whole number, found the text "5"'],
  ["half a seed", "seed: 0.5", "3:7 expected a whole number, found `0.5`"],
  ["an infinite seed", "seed: .inf", "3:7 expected a whole number, found `.inf`"],
  ["a boolean of YAML 1.1", "options: { preVote: yes }", "3:21 expected true or false, found `yes`"],
  ["a choice that is not there", "options: { reads: leese }", "3:19 expected log or lease, found `leese`, did you mean `lease`?"],
  ["an option out of its bounds", "options: { electionTimeout: 1us..5ms }", "3:29 `1us..5ms` is too short: at least 1ms is expected here"],
  ["a name that is a number", "name: 5", "3:7 expected text, found `5`"],
  ["a mutant that is not there", "options: { mutant: vote-not-persistd }", "3:20 unknown mutant `vote-not-persistd`, did you mean `vote-not-persisted`?"],
  ["a reversed range", "clocks: { offset: 20ms..-20ms }", "3:19 the range `20ms..-20ms` is reversed"],
  ["a wrong unit inside a distribution, inside quotes", 'disk: { sync: "lognormal(1ms, 5mz)" }', "3:32 `mz` is not a unit of a duration, did you mean `ms`?"],
  ["a 99th percentile below the median", "network: { latency: lognormal(8ms 1ms) }", "3:35 the 99th percentile, 1ms, must be more than the median, 8ms"],
]);

const CUT = "YAML ends a value at a comma inside braces: separate the arguments by spaces, or put quotes around it";

table("distributions cut at a comma", [
  ["two arguments", "network: { latency: uniform(1ms, 5ms), loss: 1% }", `3:21 ${CUT}`],
  ["at the end of the braces", "network: { latency: uniform(1ms, 5ms) }", `3:21 ${CUT}`],
  ["two of them alike", "disk: { sync: uniform(1ms, 5ms), write: uniform(1ms, 5ms) }", `3:15 ${CUT}`, `3:41 ${CUT}`],
  ["one inside another", "network: { latency: mix(90% lognormal(1ms, 5ms), 10% pareto(3ms, 1.1)), los: 1% }", `3:21 ${CUT}`, "3:73 unknown key `los`, did you mean `loss`?"],
  ["outside of braces nothing is cut", "network:\n  latency: uniform(1ms, 5ms)"],
  ["nor in quotes", 'network: { latency: "uniform(1ms, 5ms)" }'],
  ["a parenthesis that is never closed is that", "network: { latency: uniform(1ms 5ms, loss: 1% }", "3:21 `uniform(1ms 5ms` has no closing parenthesis"],
]);

table("nodes", [
  ["none", "nodes: 0", "3:8 `0` is too small: at least 1 is expected here"],
  ["more than memory", "nodes: 1000000000", "3:8 `1000000000` is too large: at most 1000 is expected here"],
  ["an empty list", "nodes: []", "3:8 a cluster needs a node"],
  ["twice the same", "nodes: [a, b, a]", "3:15 there are two nodes `a`"],
  ["a client's name", "nodes: [a, c1]", "3:12 `c1` is a client's name; a node needs another"],
  ["a selector's word", "nodes: [a, leader]", "3:12 `leader` already means something to faults; a node needs another name"],
  ["a name of other signs", 'nodes: ["a b"]', "3:9 `a b` is no name for a node: it takes a letter, then letters, digits, - and _"],
  ["a number in a list", "nodes: [1]", "3:9 expected text, found `1`"],
]);

table("the workload", [
  ["a rate without its unit", "workload: { rate: 200 }", "3:19 a rate needs its unit of time: 200/s"],
  ["both loops", "workload: { rate: 200/s, think: 5ms }", "3:26 `rate` and `think` exclude each other"],
  ["an operation that is not served", "workload: { operations: { reed: 5, write: 5 } }", "3:27 the protocol does not serve the operation `reed`, did you mean `read`?"],
  ["weights of nothing", "workload: { operations: { read: 0, write: 0 } }", "3:25 all weights are 0: some operation must happen"],
  ["a negative weight", "workload: { operations: { read: -1, write: 5 } }", "3:33 a weight must not be negative"],
  ["no operations", "workload: { operations: {} }", "3:25 no operation is given"],
  ["a negative count of clients", "workload: { clients: -1 }", "3:22 `-1` is too small: at least 0 is expected here"],
  ["no keys", "workload: { keys: { count: 0 } }", "3:28 `0` is too small: at least 1 is expected here"],
  ["zipf without its exponent", "workload: { keys: { distribution: zipf } }", "3:35 zipf takes its exponent: zipf(0.99)"],
  ["a misspelt distribution of keys", "workload: { keys: { distribution: unifrm } }", "3:35 unknown distribution of keys `unifrm`, did you mean `uniform`?"],
  ["that begins when it ends", "workload: { from: 3s, until: 3s }", "3:19 the workload would begin at 3s and end at 3s"],
  ["that ends after the run", "workload: { until: 11s }", "3:20 the workload would end at 11s, after the run, which ends at 10s"],
  ["a target that is not there", "workload: { target: leadr }", "3:21 expected any, leader, nearest or sticky, found `leadr`, did you mean `leader`?"],
  ["a retry that is neither", "workload: { retry: never }", "3:20 expected true or false, found `never`"],
]);

table("a protocol that serves nothing", [
  ["can have no clients", "workload: { clients: 2 }", "3:22 the protocol silent serves no operations: it can have no clients"],
  ["does not converge", "expect: { converged: true }", "3:22 the protocol silent does not say what must converge: it declares no `replicated`"],
  ["has no history", "expect: { linearizable: true }", "3:25 the protocol silent does not say what its history means: it declares no `model`"],
], "silent");

table("faults", [
  ["no list", "faults: { at: 5s, crash: n1 }", "3:9 expected a list, found a map"],
  ["no kind", "faults: [{ at: 5s, for: 1s }]", "3:10 this item does not say what goes wrong"],
  ["an unknown kind", "faults: [{ at: 5s, explode: n1 }]", "3:20 unknown fault `explode`"],
  ["a misspelt kind", "faults: [{ at: 5s, crsh: n1 }]", "3:20 unknown fault `crsh`, did you mean `crash`?"],
  ["two kinds", "faults: [{ at: 5s, crash: n1, pause: n2 }]", "3:31 the key `pause` does not belong here: one item is one fault, and this one is `crash`"],
  ["no time", "faults: [{ crash: n1 }]", "3:10 one of the keys `at`, `every` or `when` is missing"],
  ["two times", "faults: [{ at: 5s, every: 2s, crash: n1 }]", "3:20 `at` and `every` exclude each other"],
  ["a time without a unit", "faults: [{ at: 5, crash: n1 }]", "3:16 a duration needs a unit: 20ms, 5s"],
  ["a negative time", "faults: [{ at: -5s, crash: n1 }]", "3:16 `-5s` is negative; a duration here is not"],
  ["after the run", "faults: [{ at: 8s..10s, crash: n1 }]", "3:16 this fault would begin at 10s; the run ends at 10s"],
  ["for no time", "faults: [{ at: 5s, for: 0s, crash: n1 }]", "3:25 this must be more than 0"],
  ["every nothing", "faults: [{ every: 0ms..5s, crash: n1 }]", "3:19 this must be more than 0"],
  ["a window without a series", "faults: [{ at: 5s, between: [1s, 2s], crash: n1 }]", "3:20 `between` goes with `every` or `when`, which is missing"],
  ["a reversed window", "faults: [{ every: 1s, between: [5s, 2s], crash: n1 }]", "3:32 the window is reversed"],
  ["a window that is a range", "faults: [{ every: 1s, between: 2s..5s, crash: n1 }]", "3:32 expected two times such as [10s, 18s], found `2s..5s`"],
  ["a window beyond the run", "faults: [{ every: 1s, between: [5s, 12s], crash: n1 }]", "3:32 this window ends at 12s; the run ends at 10s"],
  ["longer than its window", "faults: [{ every: 1s, between: [5s, 6s], for: 2s, crash: n1 }]", "3:47 this is longer than the window of the series, 1s: it would never happen"],
  ["a wait that is longer than its window", "faults: [{ when: election.won, between: [5s, 6s], for: 2s, crash: n1 }]", "3:56 this is longer than the window, 1s: it would never happen"],
  ["a wait beyond the run", "faults: [{ when: election.won, between: [5s, 12s], crash: n1 }]", "3:41 this window ends at 12s; the run ends at 10s"],
  ["an event that is not there", "faults: [{ when: election.one, crash: n1 }]", "3:18 unknown event `election.one`, did you mean `election.won`?"],
  ["the zeroth event", "faults: [{ when: election.won, nth: 0, crash: n1 }]", "3:37 `0` is too small: at least 1 is expected here"],
  ["a pause after nothing", "faults: [{ at: 5s, after: 5ms, crash: n1 }]", "3:20 `after` goes with `when`, which is missing"],
  ["a heal that lasts", "faults: [{ at: 5s, for: 1s, heal: all }]", "3:20 `heal` happens in an instant: it takes no `for`"],
  ["what goes with another kind", "faults: [{ at: 5s, pause: n1, lose: disk }]", "3:31 the key `lose` does not belong here: it goes with `crash`"],
  ["a loss that is not there", "faults: [{ at: 5s, crash: n1, lose: all }]", "3:37 expected nothing, unsynced, torn or disk, found `all`"],
  ["a fault without what it needs", "faults: [{ at: 5s, flaky: { nodes: n1 } }]", "3:27 the key `loss` is missing"],
  ["two forms at once", "faults: [{ at: 5s, slow: { nodes: n1, link: [n1, n2], by: 5ms } }]", "3:39 `nodes` and `link` exclude each other"],
  ["a link of three ends", "faults: [{ at: 5s, slow: { link: [n1, n2, n3], by: 5ms } }]", "3:34 expected a link's two ends such as [n1, n2], found a list"],
]);

table("selectors", [
  ["a node that does not exist", "faults: [{ at: 5s, partition: [[n1, n7], rest] }]", "3:37 there is no node `n7`"],
  ["a misspelt word", "faults: [{ at: 5s, crash: folower }]", "3:27 there is no node `folower`, did you mean `follower`?"],
  ["a misspelt name", "nodes: [alice, bob]\nfaults: [{ at: 5s, crash: alise }]", "4:27 there is no node `alise`, did you mean `alice`?"],
  ["nobody", "faults: [{ at: 5s, crash: [] }]", "3:27 an empty list selects nobody"],
  ["an empty group", "faults: [{ at: 5s, partition: [[n1], []] }]", "3:38 an empty list selects nobody"],
  ["no groups", "faults: [{ at: 5s, partition: [] }]", "3:31 a partition needs a group"],
  ["groups that are none", "faults: [{ at: 5s, partition: n1 }]", "3:31 expected groups such as [[leader, n2], rest], found `n1`"],
  ["two rests", "faults: [{ at: 5s, partition: [[n1], rest, rest] }]", "3:31 `rest` stands twice; there is only one rest"],
  ["more than there are", "faults: [{ at: 5s, crash: random(4) }]", "3:27 there are only 3 nodes; `random(4)` asks for more"],
  ["none of them", "faults: [{ at: 5s, crash: random(0) }]", "3:34 random takes a count from 1 on, found `0`"],
  ["a count that none takes", "faults: [{ at: 5s, crash: leader(2) }]", "3:27 unknown selector `leader`"],
  ["a list in a list", "faults: [{ at: 5s, crash: [[n1]] }]", "3:28 expected a node or a selector, found a list"],
  ["a zone where there is none", "faults: [{ at: 5s, crash: zone(eu) }]", "3:27 there is no zone `eu`"],
  ["a client that crashes", "faults: [{ at: 5s, crash: c1 }]", "3:27 a fault of the kind `crash` cannot strike a client"],
  ["a client that is not there", "faults: [{ at: 5s, isolate: c4 }]", "3:29 there is no client `c4`"],
  ["a client that is", "faults: [{ at: 5s, partition: [[n1, c3], rest] }]"],
]);

table("expectations", [
  ["an unknown one", "expect: { fast: true }", "3:11 unknown expectation or metric `fast`"],
  ["a misspelt level", "expect: { linearisable: true }", "3:11 unknown expectation or metric `linearisable`, did you mean `linearizable`?"],
  ["a misspelt metric", 'expect: { latency.p98: "< 5ms" }', "3:11 unknown expectation or metric `latency.p98`, did you mean `latency.p95`?"],
  ["a level that is neither", "expect: { linearizable: maybe }", "3:25 expected true or false, found `maybe`"],
  ["invariants that are neither", "expect: { invariants: none }", "3:23 expected true, false or off, found `none`"],
  ["a metric without a comparison", "expect: { availability: 95% }", '3:25 expected a comparison such as ">= 95%", found `95%`'],
  ["a metric in a wrong unit", 'expect: { availability: ">= 5ms" }', "3:29 expected a share such as 1% or 0.5%, found `5ms`"],
  ["a latency without a unit", 'expect: { latency.p99: "< 100" }', "3:27 a duration needs a unit: 20ms, 5s"],
  ["a count with a unit", 'expect: { operations.ok: ">= 5ms" }', "3:30 expected a number, found `5ms`"],
  ["the latency of an operation that is not served", 'expect: { latency.append.p99: "< 1s" }', "3:11 unknown expectation or metric `latency.append.p99`, did you mean `latency.read.p99`?"],
  ["a comparison without quotes", "expect:\n  availability: >= 95%", "4:17 YAML reads a value that begins with `>` as a block of text"],
  ["and inside braces", "expect: { availability: >= 95% }", "3:25 YAML reads a value that begins with `>` as a block of text"],
]);

table("a duration that is too short for convergence", [
  [
    "after the workload",
    "workload: { until: 9s }\nexpect: { converged: { within: 2s } }",
    "4:22 `converged` needs 2s after the workload's end at 9s; the run ends at 10s",
  ],
  [
    "after the latest end of a fault",
    "faults: [{ at: 4s..5s, for: 3s..4s, pause: n1 }]\nexpect: { converged: { within: 2s } }",
    "4:22 `converged` needs 2s after the last fault's end at 9s; the run ends at 10s",
  ],
  ["a fault that ends just in time", "faults: [{ at: 4s, for: 3s..4s, pause: n1 }]\nexpect: { converged: { within: 2s } }"],
  [
    "a series without a window",
    "faults: [{ every: 1s, for: 100ms, pause: n1 }]\nexpect: { converged: true }",
    "4:22 `converged` needs 1s after the end of a series of faults at 10s; the run ends at 10s",
  ],
  [
    "a wait that may be too late",
    "faults: [{ when: election.won, between: [0s, 9500ms], for: 100ms, pause: n1 }]\nexpect: { converged: true }",
    "4:22 `converged` needs 1s after the last fault's end at 9.5s; the run ends at 10s",
  ],
  ["a series keeps within its window", "faults: [{ every: 1s, between: [0s, 9s], for: 100ms, pause: n1 }]\nexpect: { converged: true }"],
  ["a fault that stays is not waited for", "faults: [{ at: 9.9s, partition: [[n1], rest] }]\nexpect: { converged: true }"],
  [
    "unless it is healed",
    "faults: [{ at: 5s, partition: [[n1], rest] }, { at: 9.5s, heal: all }]\nexpect: { converged: true }",
    "4:22 `converged` needs 1s after the last fault's end at 9.5s; the run ends at 10s",
  ],
  ["a heal ends a fault early", "faults: [{ at: 5s, for: 5s, partition: [[n1], rest] }, { at: 8s, heal: all }]\nexpect: { converged: true }"],
  ["more than the whole run", "expect: { converged: { within: 11s } }", "3:22 `converged` needs 11s after everything else; the whole run lasts 10s"],
]);

describe("files that are no scenario", () => {
  const rows: readonly Row[] = [
    ["an empty one", "", "1:1 this file is empty"],
    ["only a comment", "# nothing\n", "1:1 this file is empty"],
    ["a list", "- a\n- b", "1:1 a scenario is a map of keys and values"],
    ["a word", "raft", "1:1 a scenario is a map of keys and values"],
    ["a newer version", "version: 2\nprotocol: kv", "1:10 this file is of version 2 of the format; this program reads version 1"],
    ["a version that never was", "version: zero\nprotocol: kv", "1:10 expected the version of the format, 1, found `zero`"],
    ["no version", "protocol: kv", "1:1 the key `version` is missing"],
    ["no protocol", "version: 1", "1:1 the key `protocol` is missing"],
    ["an unknown protocol", "version: 1\nprotocol: quue", "2:11 unknown protocol `quue`, did you mean `queue`?"],
    ["a module that is not there", "version: 1\nprotocol: ./mine.ts", "2:11 the protocol's module `./mine.ts` could not be loaded"],
    ["two documents", "version: 1\nprotocol: kv\n---\nversion: 1", "3:1 a scenario is one document; a second one begins here"],
    ["a tab", "version: 1\nnetwork:\n\tloss: 1%", "3:1 YAML is indented with spaces; here is a tab"],
    ["a quote that is not closed", 'version: 1\nname: "one', '2:11 YAML: missing closing "quote'],
    ["a bracket that is not closed", "version: 1\nnodes: [a, b\n", "3:1 YAML: flow sequence in block collection must be sufficiently indented and end with a ]"],
    ["a colon in a value", "version: 1\nname: one: two", "2:7 YAML finds a key where a value is going on"],
    ["an anchor that is not there", "version: 1\nprotocol: *p", "2:11 nothing is anchored as `&p` before this"],
    ["another version of YAML", "%YAML 1.1\n---\nversion: 1", "1:1 a scenario is YAML 1.2; this file asks for another version"],
    ["a tag", "version: !!binary aGk=", "1:10 a scenario has no use for YAML's tags"],
    ["too many brackets", "[".repeat(30_000), "1:101 this is nested too deeply to be a scenario"],
    ["too many dashes", "- ".repeat(5_000), "1:1 this is nested too deeply to be a scenario"],
  ];
  it.each(rows)("%s", (_what, text, ...expected) => {
    expect(mistakesIn(text).map(({ line, column, message }) => `${line}:${column} ${message}`)).toEqual(expected);
  });
});

it("every mistake is reported at once, in the order of the file", () => {
  const text = "duraton: 20\nnodes: 0\nfaults:\n  - { at: 5, crash: n9 }\n  - { crash: leader }\nworkload: { rate: 5 }\nexpect: { fast: yes }";
  expect(mistakes(text).map((one) => one.split(" ")[0])).toEqual(["3:1", "3:10", "4:8", "6:11", "7:5", "8:19", "9:11"]);
});

it("a value behind an alias is wrong where it stands, once", () => {
  expect(mistakes("network: &n { loss: 5 }\nworkload: { network: *n }")).toEqual(["3:21 a share needs a percent sign: 1%, 0.5%"]);
});

it("aliases that multiply end in a message, not in a hang", () => {
  const bomb = "a: &a { k: [1, 2] }\nfaults:\n" + "  - &x { at: 5s, crash: [n1, n2, n3, n1, n2, n3] }\n" + "  - *x\n".repeat(8_000);
  expect(mistakes(bomb)[0]).toContain("these are more than 20000 values, which is no scenario");
});

it("an alias of what it stands in ends in a message", () => {
  expect(mistakes("faults: &f [*f]")).toEqual(["3:12 expected a map of keys and values, found a list"]);
});
