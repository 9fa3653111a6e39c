/** What the page and its worker say to each other. Everything here survives a structured clone. */
import type { TraceEvent } from "../../sim/trace/event.ts";
import type { HistoryData } from "../history/data.ts";
import type { LogLine, RunData } from "./recorder.ts";

/** Page to worker. Answers carry the ticket of what they answer. */
export type Ask =
  | { readonly type: "open"; readonly bytes: ArrayBuffer }
  | { readonly type: "run"; readonly scenario: string; readonly source: string; readonly seed: number | undefined }
  | { readonly type: "shown"; readonly ticket: number; readonly want: Want }
  | { readonly type: "details"; readonly ticket: number; readonly event: number }
  | { readonly type: "sentences"; readonly ticket: number; readonly events: readonly number[] }
  | { readonly type: "history"; readonly ticket: number };

/** Worker to page. */
export type Answer =
  | { readonly type: "progress"; readonly events: number; readonly share: number }
  | { readonly type: "opened"; readonly data: RunData; readonly tookMs: number; /** Of a run that was made here: its trace file. */ readonly trace: Uint8Array<ArrayBuffer> | undefined }
  | { readonly type: "failed"; readonly title: string; readonly message: string }
  | { readonly type: "shown"; readonly ticket: number; readonly shown: Shown }
  | { readonly type: "details"; readonly ticket: number; readonly details: Details | undefined }
  | { readonly type: "sentences"; readonly ticket: number; readonly sentences: readonly string[] }
  | { readonly type: "history"; readonly ticket: number; readonly history: HistoryData | string };

/** Which part of what the nodes show is looked at; the rest stays in the worker. */
export interface Want {
  readonly event: number;
  /** The field that the state panel has open. */
  readonly field: string | undefined;
  /** Of a log: the first row in view, or the tail; and how many rows. */
  readonly top: number | "tail";
  readonly rows: number;
  /** The node that the inspector has open. */
  readonly node: number | undefined;
}

/** A value that is too large to be sent along with every moment: its size instead. */
export type Summary = { readonly type: "log"; readonly length: number } | { readonly type: "record"; readonly size: number };

export interface FieldShown {
  readonly name: string;
  /** A scalar or an array; of a log or a record, its summary. */
  readonly value: unknown;
  readonly summary: Summary | undefined;
  /** The event at which it came to this value. */
  readonly since: number;
}

/** What the nodes show after an event. */
export interface Shown {
  readonly event: number;
  /** By node. */
  readonly nodes: readonly (readonly FieldShown[])[];
  /** The open field, by node: a log's rows in view, or a record; undefined where the node shows none. */
  readonly open: { readonly field: string; readonly top: number; readonly of: readonly OpenField[] } | undefined;
  /** The open node, in full. */
  readonly node: readonly FieldShown[] | undefined;
}

export type OpenField =
  | { readonly type: "log"; readonly length: number; readonly entries: readonly unknown[] }
  | { readonly type: "record"; readonly record: { readonly [key: string]: unknown } }
  | { readonly type: "none" };

/** An event in one line, to be linked to. */
export interface Mention {
  readonly event: number;
  readonly timeNs: number;
  readonly sentence: string;
}

/** What an event changed in what a node shows. */
export interface FieldDifference {
  readonly node: number;
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
  /** Of a log: how many entries were cut off, and those that were appended. */
  readonly log: { readonly cut: number; readonly length: number; readonly appended: readonly unknown[] } | undefined;
}

/** Everything about one event. */
export interface Details {
  readonly event: TraceEvent;
  readonly sentence: string;
  /** What the kind means, as the schema says. */
  readonly means: string;
  readonly cause: Mention | undefined;
  /** The first few that it caused, and how many there are. */
  readonly effects: readonly Mention[];
  readonly effectCount: number;
  readonly changes: readonly FieldDifference[];
  readonly lines: readonly LogLine[];
  /** The operation that it serves: how it began, and how it ended where it did. */
  readonly operation: { readonly begin: Mention; readonly end: Mention | undefined } | undefined;
  /** The message's other end: where a send arrives, or where what arrives was sent. */
  readonly counterpart: Mention | undefined;
  /** What a message carries, where this event itself does not say. */
  readonly contents: unknown;
}
