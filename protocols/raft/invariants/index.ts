/** What must hold at every moment (Figure 3, and what goes without saying there). */
import type { Invariant } from "../../../sim/protocol.ts";
import type { Shown } from "../state.ts";
import { commitIndexNeverGoesBack, nothingAcknowledgedIsLost, stateMachineSafety } from "./commits.ts";
import { electionSafety, oneVote, termsNeverGoBack } from "./elections.ts";
import { leaderAppendOnly, leaderCompleteness, logMatching } from "./logs.ts";

export const invariants: readonly Invariant<Shown, any>[] = [
  electionSafety,
  oneVote,
  leaderAppendOnly,
  logMatching,
  leaderCompleteness,
  stateMachineSafety,
  termsNeverGoBack,
  commitIndexNeverGoesBack,
  nothingAcknowledgedIsLost,
];
