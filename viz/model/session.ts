/**
 * What the reader looks at: the moment, the selection, the window of the timeline, whether time runs. Panels read it and
 * tell it what was asked; it says when something changed.
 */
import { Axis, type AxisKind } from "./axis.ts";
import type { Address } from "./address.ts";
import type { Run, Jump } from "./run.ts";

/** Virtual nanoseconds per real nanosecond. */
export const speeds = [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100] as const;

/** So many messages are in view when a run opens: few enough to be drawn one by one, many enough to see what goes on. */
const MESSAGES_AT_FIRST = 160;
/** The timeline cannot be zoomed in further than this many positions across: nanoseconds, or half an event. */
const NARROWEST = { time: 2_000, order: 3, squeezed: 2_000 } as const;

export class Session {
  readonly run: Run;
  /** The current event: all up to it have happened. */
  event = 0;
  /** Virtual time in nanoseconds; between the current event's and the next one's. */
  timeNs = 0;
  selectedNode: number | undefined;
  hoveredEvent: number | undefined;
  window: readonly [from: number, to: number];
  axis: Axis;
  playing = false;
  speed: number;
  /** The field that the state panel has open; undefined: the table of all. */
  tab: string | undefined;
  onChange: () => void = () => {};

  constructor(run: Run) {
    this.run = run;
    this.axis = run.axis("time");
    this.window = [0, this.axis.length];
    this.speed = speedFor(run.story.typicalFlightNs);
    this.tab = run.story.fields.find((field) => field.shape === "log")?.name ?? run.story.fields.find((field) => field.shape === "record")?.name;
    this.goTo(run.opening());
    this.showAround(this.event, MESSAGES_AT_FIRST);
  }

  /** The current position on the axis. */
  get position(): number {
    return this.axis.ofMoment(this.event, this.timeNs);
  }

  goTo(event: number): void {
    const known = Math.min(Math.max(0, event), this.run.count - 1);
    this.#move(known, this.run.timeOf(known));
  }

  goToTime(timeNs: number): void {
    const time = Math.min(Math.max(0, timeNs), this.run.endNs);
    this.#move(this.run.eventAt(time), time);
  }

  goToPosition(position: number): void {
    this.goToTime(this.axis.timeAt(position));
  }

  step(by: 1 | -1): void {
    this.playing = false;
    // From between two events, a step back goes to the one that has just happened.
    const within = by < 0 && this.timeNs > this.run.timeOf(this.event);
    this.goTo(within ? this.event : this.event + by);
    this.keepInView();
  }

  /** True where there was somewhere to jump to. */
  jump(what: Jump, by: 1 | -1): boolean {
    const target = by > 0 ? this.run.next(what, this.event) : this.run.previous(what, this.event);
    if (target < 0) return false;
    this.playing = false;
    this.goTo(target);
    this.keepInView();
    return true;
  }

  togglePlaying(): void {
    this.playing = !this.playing;
    if (this.playing && this.timeNs >= this.run.endNs) this.goTo(0);
    this.onChange();
  }

  /** Lets real time pass while playing. */
  advance(elapsedMs: number): void {
    if (!this.playing) return;
    this.goToTime(this.timeNs + elapsedMs * 1e6 * this.speed);
    if (this.timeNs >= this.run.endNs) this.playing = false;
    this.#follow();
  }

  faster(by: 1 | -1): void {
    const at = speeds.findIndex((speed) => speed >= this.speed);
    this.speed = speeds[Math.min(speeds.length - 1, Math.max(0, at + by))] as number;
    this.onChange();
  }

  select(node: number | undefined): void {
    this.selectedNode = node;
    this.onChange();
  }

  setTab(field: string | undefined): void {
    this.tab = field;
    this.onChange();
  }

  setAxis(kind: AxisKind): void {
    if (kind === this.axis.kind) return;
    const events = this.window.map((end) => this.axis.eventAt(end));
    const isWhole = this.window[0] <= 0 && this.window[1] >= this.axis.length;
    this.axis = this.run.axis(kind);
    const [from, to] = events.map((event) => this.axis.position[Math.max(0, event)] ?? 0) as [number, number];
    this.setWindow(isWhole ? 0 : from, isWhole ? this.axis.length : to);
  }

  /** Takes the nearest window that lies on the axis. */
  setWindow(from: number, to: number): void {
    const width = Math.min(this.axis.length, Math.max(NARROWEST[this.axis.kind], to - from));
    const middle = (from + to) / 2;
    const start = Math.min(Math.max(0, middle - width / 2), this.axis.length - width);
    this.window = [start, start + width];
    this.onChange();
  }

  /** Zooms around a position, or around the present one where that is in view. */
  zoom(factor: number, around?: number): void {
    const [from, to] = this.window;
    const fixed = around ?? (this.position >= from && this.position <= to ? this.position : (from + to) / 2);
    this.setWindow(fixed - (fixed - from) * factor, fixed + (to - fixed) * factor);
  }

  /** Shifts the window by a share of its width. */
  pan(share: number): void {
    const by = (this.window[1] - this.window[0]) * share;
    this.setWindow(this.window[0] + by, this.window[1] + by);
  }

  /** A window around an event in which about so many messages leave. */
  showAround(event: number, messages: number): void {
    const { flights } = this.run;
    let reach = 16;
    while (reach < this.run.count && flights.countBegunIn(event - reach, event + reach) < messages) reach *= 1.3;
    const at = (index: number) => this.axis.position[Math.min(this.run.count - 1, Math.max(0, Math.round(index)))] ?? 0;
    const middle = at(event);
    const half = Math.max(at(event + reach) - middle, middle - at(event - reach), NARROWEST[this.axis.kind]);
    this.setWindow(middle - half, middle + half);
  }

  /** Shifts the window where the moment has left it. */
  keepInView(): void {
    const [from, to] = this.window;
    const margin = (to - from) * 0.06;
    if (this.position >= from + margin && this.position <= to - margin) return;
    const half = (to - from) / 2;
    this.setWindow(this.position - half, this.position + half);
  }

  get address(): Address {
    const { axis, run, window } = this;
    const isWhole = window[0] <= 0 && window[1] >= axis.length;
    return {
      event: this.event,
      timeNs: this.timeNs > run.timeOf(this.event) ? this.timeNs : undefined,
      selected: this.selectedNode === undefined ? undefined : run.nodes[this.selectedNode],
      window: isWhole ? undefined : window,
      axis: axis.kind,
      tab: this.tab ?? "all",
    };
  }

  /** Goes where a link points; what it leaves out stays as it is. */
  visit(address: Address): void {
    if (address.axis !== undefined) this.setAxis(address.axis);
    if (address.event !== undefined) this.goTo(address.event);
    if (address.timeNs !== undefined) this.goToTime(address.timeNs);
    if (address.selected !== undefined) this.selectedNode = known(this.run.nodes.indexOf(address.selected));
    if (address.tab !== undefined) this.tab = this.run.story.fields.find((field) => field.name === address.tab)?.name;
    if (address.window !== undefined) this.setWindow(...address.window);
    else if (address.event !== undefined || address.timeNs !== undefined) this.keepInView();
    this.onChange();
  }

  #move(event: number, timeNs: number): void {
    this.event = event;
    this.timeNs = timeNs;
    this.onChange();
  }

  /** While time runs, the moment glides to the window's three quarters, and then the window glides along. */
  #follow(): void {
    const [from, to] = this.window;
    const width = to - from;
    if (this.position < from || this.position > to) this.keepInView();
    else if (this.position > from + width * 0.75) this.setWindow(this.position - width * 0.75, this.position + width * 0.25);
  }
}

/** A message should take about half a second on the screen. */
function speedFor(typicalFlightNs: number): number {
  const wanted = typicalFlightNs / 5e8;
  return speeds.find((speed) => speed >= wanted) ?? 1;
}

function known(index: number): number | undefined {
  return index < 0 ? undefined : index;
}
