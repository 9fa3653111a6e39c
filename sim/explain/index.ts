/** Words: events, faults, figures and whole runs as people read them, in the terminal and the viewer alike. */
export { describeCall, describeEvent, type Words } from "./event.ts";
export { describeFault, describeFaultEnd, type FaultData } from "./fault.ts";
export { endpointName, isClient, type Names } from "./names.ts";
export { describeLeftOut, momentKinds, Story, type Moment, type MomentKind, type StoryOptions } from "./story.ts";
export { transcript, Transcript, transcriptLine, type TranscriptOptions } from "./transcript.ts";
export { formatBytes, formatCount, formatDuration, formatMetric, formatRatio, formatTime, NOTHING } from "./units.ts";
export { formatFields, formatValue, listOf } from "./value.ts";
