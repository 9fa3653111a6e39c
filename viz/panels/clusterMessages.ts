/** Messages on their way through the cluster's picture, each where it is at this very moment. */
import { s, setAttribute } from "../dom.ts";
import { alongWay, type Point } from "../model/cluster.ts";
import type { Flight } from "../model/run.ts";
import type { View } from "../view.ts";
import type { Places } from "./cluster.ts";

/** More than these are not told apart anyway, and each costs two elements. */
const DOTS_UP_TO = 140;
/** How much of the way from a client the name of a message stands. */
const BESIDE = 0.2;
/** How much of its way a message that gets lost still goes. */
const LOST_AT = 0.55;

interface Dot {
  readonly group: SVGGElement;
  readonly tail: SVGPathElement;
  readonly dot: SVGPathElement;
}

export class MessageDots {
  /** Drawn below the nodes. */
  readonly under = s("g", { class: "messages" });
  /** The current event's message, drawn above them, with its name. */
  readonly over = s("g", { class: "message-now" });
  readonly #view: View;
  readonly #pool: Dot[] = [];
  readonly #nowPath = s("path", { class: "now-path" });
  readonly #nowText = s("text", { class: "now-text" });

  constructor(view: View) {
    this.#view = view;
    this.over.append(this.#nowPath, this.#nowText);
  }

  update(places: Places): void {
    const { run, session } = this.#view;
    const { flights } = run.inFlight(session.event, session.timeNs, DOTS_UP_TO);
    flights.forEach((flight, at) => this.#place(this.#dot(at), flight, places));
    for (let at = flights.length; at < this.#pool.length; at += 1) setAttribute((this.#pool[at] as Dot).group, "visibility", "hidden");
    this.#drawNow(places);
  }

  #dot(at: number): Dot {
    const known = this.#pool[at];
    if (known !== undefined) return known;
    const tail = s("path", { class: "tail" });
    const dot = s("path", { class: "dot" });
    const made = { group: s("g", {}, tail, dot), tail, dot };
    this.under.append(made.group);
    this.#pool.push(made);
    return made;
  }

  #place({ group, tail, dot }: Dot, flight: Flight, places: Places): void {
    const style = this.#view.palette.styleOf(flight.type, flight.from, flight.to);
    const [from, to] = edges(places, flight.from, flight.to, this.#view.run.nodes.length);
    const progress = flight.lost ? Math.min(flight.progress, 1) * LOST_AT : flight.progress;
    const at = alongWay(from, to, progress);
    const behind = alongWay(from, to, Math.max(0, progress - 0.1));
    setAttribute(group, "visibility", "visible");
    setAttribute(group, "class", `${style.isReply ? "is-reply" : ""}${flight.lost ? " is-lost" : ""}`);
    setAttribute(group, "style", `--color: var(${style.color})`);
    setAttribute(tail, "d", `M${behind.x.toFixed(1)} ${behind.y.toFixed(1)}L${at.x.toFixed(1)} ${at.y.toFixed(1)}`);
    setAttribute(dot, "d", flight.lost ? crossAt(at) : circleAt(at, style.isReply ? 3.6 : 4.2));
  }

  /** The way of the message that the current event is about. */
  #drawNow(places: Places): void {
    const { run, session } = this.#view;
    const kind = run.kindOf(session.event);
    const isLeaving = kind === "send" || kind === "duplicate" || kind === "corrupt" || kind === "wait";
    const isMessage = isLeaving || kind === "deliver" || kind === "drop" || kind === "arrive";
    setAttribute(this.over, "visibility", isMessage && !session.playing ? "visible" : "hidden");
    if (!isMessage) return;
    const [node, peer] = [run.nodeOf(session.event), run.columns.peer[session.event] as number];
    const [a, b] = isLeaving ? [node, peer] : [peer, node];
    if (places.of[a] === undefined || places.of[b] === undefined) return;
    const [from, to] = edges(places, a, b, run.nodes.length);
    const style = this.#view.palette.styleOf(run.nameOf(session.event), a, b);
    // Below a node stand its words: what goes to or from a client is named beside the client.
    const middle = alongWay(from, to, run.isClient(a) ? BESIDE : run.isClient(b) ? 1 - BESIDE : 0.5, 0.16);
    const bend = alongWay(from, to, 0.5, 0.18);
    const label = `${run.nameOf(session.event)}${kind === "drop" ? ` lost: ${run.reasonOf(session.event)}` : (afterName[kind] ?? "")}`;
    setAttribute(this.over, "class", `message-now is-${kind}`);
    setAttribute(this.over, "style", `--color: var(${style.color})`);
    const control = { x: 2 * bend.x - (from.x + to.x) / 2, y: 2 * bend.y - (from.y + to.y) / 2 };
    setAttribute(this.#nowPath, "d", `M${from.x.toFixed(1)} ${from.y.toFixed(1)}Q${control.x.toFixed(1)} ${control.y.toFixed(1)} ${to.x.toFixed(1)} ${to.y.toFixed(1)}`);
    setAttribute(this.#nowText, "x", middle.x.toFixed(1));
    setAttribute(this.#nowText, "y", (middle.y - 6).toFixed(1));
    if (this.#nowText.textContent !== label) this.#nowText.textContent = label;
  }
}

const afterName: { readonly [kind: string]: string } = { corrupt: " changed", arrive: " waits", wait: " waits for the link" };

/** From rim to rim. */
function edges(places: Places, a: number, b: number, nodes: number): [Point, Point] {
  const [from, to] = [places.of[a] as Point, places.of[b] as Point];
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const rim = (endpoint: number): number => (endpoint < nodes ? places.nodeRadius + 4 : 14);
  const along = (point: Point, by: number): Point => ({ x: point.x + ((to.x - from.x) / length) * by, y: point.y + ((to.y - from.y) / length) * by });
  return [along(from, rim(a)), along(to, -rim(b))];
}

function circleAt({ x, y }: Point, radius: number): string {
  return `M${(x - radius).toFixed(1)} ${y.toFixed(1)}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0z`;
}

function crossAt({ x, y }: Point): string {
  const r = 3.6;
  return `M${(x - r).toFixed(1)} ${(y - r).toFixed(1)}l${2 * r} ${2 * r}m${-2 * r} 0l${2 * r} ${-2 * r}`;
}
