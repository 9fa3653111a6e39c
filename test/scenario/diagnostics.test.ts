import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { closest, formatDiagnostics, InputError } from "../../sim/scenario/diagnostics.ts";
import { mistakesIn } from "./support.ts";

describe("a diagnostic", () => {
  it("is shown with its line, a caret and what was expected", () => {
    const diagnostics = mistakesIn("version: 1\nprotocol: kv\nnetwork: { los: 1% }\n");
    expect(formatDiagnostics(diagnostics, { color: false })).toBe(
      [
        "test.yaml:3:12: unknown key `los`, did you mean `loss`?",
        " 3 | network: { los: 1% }",
        "   |            ^~~",
        "   = expected latency, loss, duplicate, corrupt, checksum, bandwidth, queue, fifo, links or zones",
      ].join("\n"),
    );
  });

  it("keeps tabs above its caret, so that both lines shift alike", () => {
    const shown = formatDiagnostics([{ file: "f", line: 1, column: 3, message: "m", excerpt: "\tab", length: 1 }], { color: false });
    expect(shown.split("\n")[2]).toBe("   | \t ^");
  });

  it("lets no control character reach the terminal", () => {
    const shown = formatDiagnostics([{ file: "f", line: 1, column: 1, message: "m", excerpt: "a\u001b[2Jb" }], { color: false });
    expect(shown).not.toContain("\u001b");
  });

  it("shows a long line in part, its caret still below the mistake", () => {
    const excerpt = `${"x".repeat(500)}WRONG${"y".repeat(500)}`;
    const [, line, caret] = formatDiagnostics([{ file: "f", line: 1, column: 501, message: "m", excerpt, length: 5 }], { color: false }).split("\n") as [string, string, string];
    expect(line.slice(caret.indexOf("^"), caret.indexOf("^") + 5)).toBe("WRONG");
    expect(line.length).toBeLessThan(200);
  });

  it("is coloured only where asked", () => {
    expect(formatDiagnostics(mistakesIn(""), { color: true })).toContain("\u001b[31m");
    expect(formatDiagnostics(mistakesIn(""), { color: false })).not.toContain("\u001b[");
  });

  it("is in the error's message too, for whoever only prints that", () => {
    expect(new InputError(mistakesIn("")).message).toContain("test.yaml:1:1: this file is empty");
  });
});

/** The same distance by its definition, without a table. */
function distance(a: string, b: string): number {
  if (a === "" || b === "") return a.length + b.length;
  const [i, j] = [a.length - 1, b.length - 1];
  const steps = [distance(a.slice(0, i), b) + 1, distance(a, b.slice(0, j)) + 1, distance(a.slice(0, i), b.slice(0, j)) + (a[i] === b[j] ? 0 : 1)];
  if (i > 0 && j > 0 && a[i] === b[j - 1] && a[i - 1] === b[j]) steps.push(distance(a.slice(0, i - 1), b.slice(0, j - 1)) + 1);
  return Math.min(...steps);
}

describe("closest", () => {
  it.each([
    ["los", ["latency", "loss"], "loss"],
    ["ta", ["at", "for"], "at"],
    ["electonTimeout", ["electionTimeout", "heartbeat"], "electionTimeout"],
    ["Leader", ["leader", "follower"], "leader"],
    ["colour", ["seed", "nodes"], undefined],
    ["x", ["y"], undefined],
  ])("%s among %j is %s", (name, candidates, expected) => expect(closest(name, candidates)).toBe(expected));

  it("is the one that the fewest edits make, by the definition of the distance", () => {
    const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(word, fc.array(word, { maxLength: 5 }), (name, candidates) => {
        const best = closest(name, candidates);
        const near = candidates.filter((one) => distance(name, one) <= Math.max(1, Math.floor(Math.max(name.length, one.length) / 3)) && distance(name, one) < Math.max(name.length, one.length));
        const least = Math.min(...near.map((one) => distance(name, one)));
        expect(best).toBe(near.find((one) => distance(name, one) === least));
      }),
      { numRuns: 200 },
    );
  });
});
