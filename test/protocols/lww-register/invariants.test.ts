import { describe, expect, it } from "vitest";
import { nothingAcknowledgedIsLost, stampsNeverGoBack } from "../../../protocols/lww-register/invariants.ts";
import type { Shown } from "../../../protocols/lww-register/invariants.ts";
import type { Invariant } from "../../../sim/protocol.ts";
import { request } from "../recorder.ts";
import { Stage } from "../stage.ts";

const stage = (invariant: Invariant<Shown>): Stage<Shown> => new Stage<Shown>(invariant, ["n1", "n2"], { registers: {} });
const k = (value: number, stamp: number, node = "n1"): Shown => ({ registers: { k: { value, stamp, node } } });

describe("stamps never go back", () => {
  it("is broken by an older register, and by a key that is gone", () => {
    const play = stage(stampsNeverGoBack);
    play.shows("n1", k(1, 10));
    expect(play.shows("n1", k(2, 10, "n2"))).toBeUndefined();
    expect(play.shows("n1", k(3, 9))).toBe("n1 held 2 of n2 at 10 for k, and then 3 of n1 at 9");
    expect(play.shows("n1", { registers: {} })).toBe("n1 held 3 of n1 at 9 for k, and then nothing");
  });

  it("lets a restarted node forget what it had not saved", () => {
    const play = stage(stampsNeverGoBack);
    play.shows("n1", k(1, 10));
    expect(play.boots("n1", k(3, 9))).toBeUndefined();
  });
});

describe("nothing acknowledged is lost", () => {
  const ok = { type: "ok" } as const;

  it("is broken when the only node that held an acknowledged write comes back without it", () => {
    const play = stage(nothingAcknowledgedIsLost);
    play.shows("n2", { registers: {} });
    play.shows("n1", k(1, 10));
    play.replies("n1", request("write", "k", 1), ok);
    expect(play.boots("n1", { registers: {} })).toBe("no node holds 1 of n1 at 10 for k any more, which n1 had acknowledged");
  });

  it("holds when another node has heard of it, or of something newer", () => {
    const play = stage(nothingAcknowledgedIsLost);
    play.shows("n1", k(1, 10));
    play.replies("n1", request("write", "k", 1), ok);
    play.shows("n2", k(2, 11, "n2"));
    expect(play.boots("n1", { registers: {} })).toBeUndefined();
  });

  it("asks nothing of a write that was lost to a newer one at once", () => {
    const play = stage(nothingAcknowledgedIsLost);
    play.shows("n1", k(1, 10, "n2"));
    play.replies("n1", request("write", "k", 5), ok);
    expect(play.boots("n1", { registers: {} })).toBeUndefined();
  });

  it("looks again when the reply leaves before the write shows", () => {
    const play = stage(nothingAcknowledgedIsLost);
    play.shows("n1", { registers: {} });
    play.replies("n1", request("cas", "k", [null, 1]), ok);
    play.shows("n1", k(1, 10));
    expect(play.boots("n1", { registers: {} })).toBe("no node holds 1 of n1 at 10 for k any more, which n1 had acknowledged");
  });
});
