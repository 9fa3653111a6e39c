/** Words: events, faults, figures and whole runs as people read them, in the terminal and the viewer alike. */
export {
  explainDifference, type ComparedRun, type Difference, type DifferenceOptions, type SideOfDifference, type ToldEvent,
} from "./difference.ts";
export { describeCall, describeEvent, type Words } from "./event.ts";
export { describeFault, describeFaultEnd, type FaultData } from "./fault.ts";
export { differencesGiven, differingSettings, mutantOf, type GivenDifference, type GivenRun } from "./given.ts";
export type { DifferenceKind } from "./matter.ts";
export { endpointName, isClient, type Names } from "./names.ts";
export { describeLeftOut, momentKinds, Story, type Moment, type MomentKind, type StoryOptions } from "./story.ts";
export { transcript, Transcript, transcriptLine, type TranscriptOptions } from "./transcript.ts";
export { formatBytes, formatCount, formatDuration, formatMetric, formatMoney, formatRatio, formatTime, NOTHING } from "./units.ts";
export { operationText } from "./operation.ts";
export { formatFields, formatValue, listOf } from "./value.ts";
