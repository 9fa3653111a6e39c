/** The moment, the selection and the view, as the part of the address after `#`: a link to it opens the same view. */
import { axisKinds, type AxisKind } from "./axis.ts";

export interface Address {
  /** The current event. */
  readonly event?: number | undefined;
  /** Virtual time in nanoseconds, where it lies between this event and the next. */
  readonly timeNs?: number | undefined;
  /** The name of the selected node. */
  readonly selected?: string | undefined;
  /** The window of the timeline, in positions of its axis. */
  readonly window?: readonly [from: number, to: number] | undefined;
  readonly axis?: AxisKind | undefined;
  /** The open tab of the state panel. */
  readonly tab?: string | undefined;
}

/** Leaves out what is not set. */
export function addressText(address: Address): string {
  const parts = new URLSearchParams();
  if (address.event !== undefined) parts.set("e", String(address.event));
  if (address.timeNs !== undefined) parts.set("t", String(Math.round(address.timeNs)));
  if (address.selected !== undefined) parts.set("sel", address.selected);
  if (address.axis !== undefined && address.axis !== "time") parts.set("axis", address.axis);
  if (address.window !== undefined) parts.set("w", address.window.map(position).join("-"));
  if (address.tab !== undefined) parts.set("tab", address.tab);
  return parts.toString();
}

/** Reads what it understands and leaves the rest unset: links are typed by hand and cut by mail programs. */
export function parseAddress(hash: string): Address {
  const parts = new URLSearchParams(hash.replace(/^#/, ""));
  const axis = axisKinds.find((kind) => kind === parts.get("axis"));
  const window = /^(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)$/.exec(parts.get("w") ?? "");
  const [from, to] = [Number(window?.[1]), Number(window?.[2])];
  return {
    event: wholeNumber(parts.get("e")),
    timeNs: wholeNumber(parts.get("t")),
    selected: parts.get("sel") || undefined,
    window: to > from ? [from, to] : undefined,
    axis,
    tab: parts.get("tab") || undefined,
  };
}

/** Half an event matters where the axis counts events, half a nanosecond never. */
function position(end: number): string {
  return end < 1e6 ? String(Math.round(end * 100) / 100) : String(Math.round(end));
}

function wholeNumber(text: string | null): number | undefined {
  return text !== null && /^\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined;
}
