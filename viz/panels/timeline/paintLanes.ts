/** Paints the lanes themselves: who led when, what was down, which faults were under way. */
import { termToken } from "../../model/palette.ts";
import { NEVER } from "../../model/intervals.ts";
import type { FaultSpan, Span } from "../../model/story.ts";
import type { Picture } from "./brush.ts";
import { FAULT_ROW } from "./lanes.ts";

export const LEADER_BAR = 14;
const CANDIDATE_BAR = 8;
const FOLLOWER_BAR = 3;

export function paintGround(picture: Picture): void {
  const { context, lanes, width } = picture;
  context.strokeStyle = picture.color("--line");
  context.lineWidth = 1;
  context.beginPath();
  for (const { top } of [...lanes.nodes, ...(lanes.operations === undefined ? [] : [lanes.operations])]) {
    context.moveTo(0, Math.round(top) + 0.5);
    context.lineTo(width, Math.round(top) + 0.5);
  }
  context.stroke();
}

/** A fault as a labelled band, and a tint on the lanes of those that it struck. */
export function paintFaults(picture: Picture, faults: readonly FaultSpan[], rowOf: readonly number[]): void {
  const { context, lanes, width } = picture;
  context.textBaseline = "middle";
  context.font = picture.font(11, 500);
  faults.forEach((fault, index) => {
    const [left, right] = [picture.xOf(fault.begin), picture.xOf(fault.end)];
    if (right < -2 || left > width + 2) return;
    const row = Math.min(lanes.faults.rows - 1, rowOf[index] as number);
    paintFault(picture, fault, left, Math.max(left + 3, right), row);
  });
}

function paintFault(picture: Picture, fault: FaultSpan, left: number, right: number, row: number): void {
  const { context, lanes, width } = picture;
  const [from, to] = [Math.max(-4, left), Math.min(width + 4, right)];
  const top = lanes.faults.top + 5 + row * FAULT_ROW;
  if (fault.did && fault.end !== fault.begin) {
    context.fillStyle = picture.color("--fault-soft");
    for (const node of fault.nodes) {
      const lane = lanes.nodes[node];
      if (lane !== undefined) context.fillRect(from, lane.top + 1, to - from, lane.height - 1);
    }
  }
  context.globalAlpha = fault.did ? 1 : 0.5;
  context.fillStyle = picture.color("--fault-soft");
  context.beginPath();
  context.roundRect(from, top, to - from, FAULT_ROW - 3, 3);
  context.fill();
  context.fillStyle = picture.color("--fault");
  context.fillRect(Math.max(-4, left), top, 2, FAULT_ROW - 3);
  if (fault.end !== NEVER) context.fillRect(right - 2, top, 2, FAULT_ROW - 3);
  const nodes = fault.nodes.map((node) => picture.view.run.endpoints[node]).join(", ");
  const words = `${fault.name === fault.kind ? fault.kind : `${fault.name}`}${nodes === "" ? "" : `  ${nodes}`}${fault.did ? "" : "  (did nothing)"}`;
  picture.text(words, Math.max(6, left + 12), top + (FAULT_ROW - 3) / 2 + 0.5, to - Math.max(6, left + 12) - 4);
  context.globalAlpha = 1;
}

/** Role and term along a node's lane: a leader's bar is thick, a follower's thin, and the hue is the term's. */
export function paintRoles(picture: Picture): void {
  const { run } = picture.view;
  picture.context.textBaseline = "middle";
  run.story.spans.forEach((spans) => {
    for (let at = firstSpan(spans, picture.firstEvent); at < spans.length; at += 1) {
      const span = spans[at] as Span;
      if (span.from > picture.lastEvent) return;
      paintSpan(picture, span);
    }
  });
}

function firstSpan(spans: readonly Span[], event: number): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((spans[middle] as Span).until < event) low = middle + 1;
    else high = middle;
  }
  return low;
}

function paintSpan(picture: Picture, span: Span): void {
  const { context, lanes, width } = picture;
  const lane = lanes.nodes[span.node];
  if (lane === undefined) return;
  const isLast = span.until >= picture.view.run.count;
  const [left, right] = [Math.max(-8, picture.xOf(span.from)), Math.min(width + 8, isLast ? picture.x(picture.axis.length) : picture.xOf(span.until))];
  if (right <= left) return;
  if (span.status === "down") return paintGap(picture, left, right, lane.top, lane.height, "down");
  if (span.status === "paused") paintGap(picture, left, right, lane.top, lane.height, "paused");

  const isCandidate = /candidate/i.test(span.role);
  const color = picture.color(termToken(span.term));
  const bar = Math.min(lane.height - 6, span.role === "leader" ? LEADER_BAR : isCandidate ? CANDIDATE_BAR : FOLLOWER_BAR);
  const top = lane.middle - bar / 2;
  context.globalAlpha = span.status === "paused" ? 0.4 : span.role === "leader" ? 1 : 0.62;
  context.fillStyle = color;
  if (isCandidate) {
    context.globalAlpha *= 0.35;
    context.fillRect(left, top, right - left, bar);
    context.globalAlpha = 1;
    context.strokeStyle = color;
    context.lineWidth = 1;
    context.strokeRect(left + 0.5, top + 0.5, Math.max(0, right - left - 1), bar - 1);
  } else if (span.role === "leader") {
    context.beginPath();
    context.roundRect(left, top, Math.max(1.5, right - left), bar, 3);
    context.fill();
    context.fillStyle = picture.color("--on-term");
    context.font = picture.font(10.5, 600);
    const [x, room] = [Math.max(6, left + 6), right - Math.max(6, left + 6) - 4];
    const words = span.term < 0 ? ["leader"] : [`leader · term ${span.term}`, `term ${span.term}`, String(span.term)];
    const fitting = words.find((text) => context.measureText(text).width <= room);
    if (fitting !== undefined) context.fillText(fitting, x, lane.middle + 0.5);
  } else {
    context.fillRect(left, top, right - left, bar);
  }
  context.globalAlpha = 1;
}

/** A stretch in which a node does nothing. */
function paintGap(picture: Picture, left: number, right: number, top: number, height: number, words: string): void {
  const { context } = picture;
  const inset = Math.min(5, height / 5);
  picture.hatch(left, top + inset, right - left, height - 2 * inset, words === "down" ? 6 : 10, "--ink-3", words === "down" ? 0.45 : 0.3);
  if (right - left < 54) return;
  context.font = picture.font(10.5, 500);
  const room = context.measureText(words).width + 12;
  const x = Math.max(8, left + 8);
  context.fillStyle = picture.color("--panel");
  context.fillRect(x, top + height / 2 - 8, room, 16);
  context.fillStyle = picture.color("--ink-3");
  picture.text(words, x + 6, top + height / 2 + 0.5, right - x - 6);
}

/** A line through all lanes where an invariant broke or an expectation failed. */
export function paintTroubles(picture: Picture): void {
  const { context, lanes, width, view } = picture;
  for (const trouble of view.run.story.troubles) {
    const x = picture.xOf(trouble.event);
    if (x < -8 || x > width + 8) continue;
    const color = picture.color(trouble.expected ? "--warn" : "--bad");
    context.strokeStyle = color;
    context.globalAlpha = 0.55;
    context.lineWidth = 1.5;
    context.beginPath();
    context.moveTo(x, lanes.faults.top);
    context.lineTo(x, lanes.height);
    context.stroke();
    context.globalAlpha = 1;
    context.fillStyle = color;
    context.beginPath();
    context.moveTo(x - 6, lanes.faults.top);
    context.lineTo(x + 6, lanes.faults.top);
    context.lineTo(x, lanes.faults.top + 9);
    context.fill();
  }
}
