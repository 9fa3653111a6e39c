/** Every kind of fault that the world can bring, by the key that names it in a scenario. */
import { bitrot } from "./bitrot.ts";
import { block } from "./block.ts";
import { bridge } from "./bridge.ts";
import { burst } from "./burst.ts";
import { clog } from "./clog.ts";
import { corrupt } from "./corrupt.ts";
import { crash } from "./crash.ts";
import { diskError } from "./diskError.ts";
import { diskFull } from "./diskFull.ts";
import { diskSlow } from "./diskSlow.ts";
import { diskStall } from "./diskStall.ts";
import { duplicate } from "./duplicate.ts";
import type { FaultDefinition } from "./fault.ts";
import { flaky } from "./flaky.ts";
import { heal } from "./heal.ts";
import { isolate } from "./isolate.ts";
import { lostWrite } from "./lostWrite.ts";
import { misdirected } from "./misdirected.ts";
import { partition } from "./partition.ts";
import { pause } from "./pause.ts";
import { restart } from "./restart.ts";
import { ring } from "./ring.ts";
import { skew } from "./skew.ts";
import { slow } from "./slow.ts";
import { swizzle } from "./swizzle.ts";
import { slowCpu } from "./slowCpu.ts";

export const faults: { readonly [kind: string]: FaultDefinition } = {
  partition,
  isolate,
  block,
  bridge,
  ring,
  slow,
  flaky,
  duplicate,
  corrupt,
  burst,
  clog,
  swizzle,
  crash,
  restart,
  pause,
  slowCpu,
  skew,
  diskSlow,
  diskStall,
  diskFull,
  diskError,
  bitrot,
  lostWrite,
  misdirected,
  heal,
};
