/** Every kind of fault that the world can bring, by the key that names it in a scenario. */
import { block } from "./block.ts";
import { crash } from "./crash.ts";
import { duplicate } from "./duplicate.ts";
import type { FaultDefinition } from "./fault.ts";
import { flaky } from "./flaky.ts";
import { heal } from "./heal.ts";
import { isolate } from "./isolate.ts";
import { partition } from "./partition.ts";
import { pause } from "./pause.ts";
import { restart } from "./restart.ts";
import { skew } from "./skew.ts";
import { slow } from "./slow.ts";

export const faults: { readonly [kind: string]: FaultDefinition } = {
  partition,
  isolate,
  block,
  slow,
  flaky,
  duplicate,
  crash,
  restart,
  pause,
  skew,
  heal,
};
