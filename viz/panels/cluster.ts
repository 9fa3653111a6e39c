/** The cluster as a picture: who leads, who is cut off from whom, and the messages on their way. */
import * as d3 from "d3";
import { h, s, setAttribute, setText } from "../dom.ts";
import { cutLinks, groupsUnder, placesOf, type Point } from "../model/cluster.ts";
import { termToken } from "../model/palette.ts";
import type { FaultSpan, Span } from "../model/story.ts";
import type { FieldShown } from "../model/wire.ts";
import type { Panel, View } from "../view.ts";
import { MessageDots } from "./clusterMessages.ts";

/** Above this, only links that are cut are drawn; and of those only as many as can be told apart. */
const LINKS_UP_TO = 11;
const CUTS_UP_TO = 48;
/** Above this, there is no room for words below every node. */
const WORDS_UP_TO = 9;
/** More clients than these share one chip. */
const CLIENTS_UP_TO = 12;

interface NodeMark {
  readonly group: SVGGElement;
  readonly name: SVGTextElement;
  readonly role: SVGTextElement;
  readonly progress: SVGTextElement;
  /** How many messages wait in its inbox. */
  readonly inbox: SVGTextElement;
}

/** Where everything stands in the panel, for those who draw over it. */
export interface Places {
  /** By endpoint: nodes, then clients. */
  readonly of: readonly Point[];
  readonly nodeRadius: number;
}

export function clusterPanel(view: View): Panel {
  return new ClusterPanel(view);
}

class ClusterPanel implements Panel {
  readonly element: HTMLElement;
  readonly #view: View;
  readonly #svg = s("svg", { class: "cluster-svg", role: "img" });
  readonly #hulls = s("g", { class: "hulls" });
  readonly #links = s("g", { class: "links" });
  readonly #dots: MessageDots;
  readonly #nodes: NodeMark[];
  readonly #clients: SVGGElement[];
  readonly #caption = h("p", { class: "panel-caption" });
  #size: Point = { x: 480, y: 400 };
  #places: Places = { of: [], nodeRadius: 28 };
  /** Where the nodes are while they move to their new places. */
  #moving: { from: readonly Point[]; began: number } | undefined;
  #cutKey = "";
  /** What hulls and links were drawn for. */
  #groundKey = "";
  #groups: number[][] = [];

  constructor(view: View) {
    this.#view = view;
    const { run } = view;
    this.#dots = new MessageDots(view);
    this.#nodes = run.nodes.map((name, node) => this.#nodeMark(name, node));
    const { clients: names, zones = [] } = run.story.header;
    this.#clients = names.slice(0, CLIENTS_UP_TO).map((name, client) => clientMark(name, zones[run.nodes.length + client] ?? ""));
    const marks = s("g", { class: "nodes" }, ...this.#nodes.map((mark) => mark.group));
    const clients = s("g", { class: "clients" }, ...this.#clients);
    this.#svg.append(this.#hulls, this.#links, clients, this.#dots.under, marks, this.#dots.over);
    this.element = h("section", { class: "panel cluster", "aria-label": "Cluster" }, h("div", { class: "panel-head" }, h("h2", {}, "Cluster"), this.#caption), h("div", { class: "cluster-body" }, this.#svg as unknown as HTMLElement), legend(view));
    this.resize();
  }

  resize(): void {
    const box = this.#svg.parentElement?.getBoundingClientRect();
    if (box !== undefined && box.width > 0) this.#size = { x: box.width, y: box.height };
    setAttribute(this.#svg, "viewBox", `0 0 ${this.#size.x} ${this.#size.y}`);
    this.#cutKey = "";
    this.#arrange(false);
  }

  update(): void {
    const { run, session } = this.#view;
    const faults = run.faultsAt(session.event);
    this.#arrange(true, faults);
    const places = this.#current();
    const key = `${this.#cutKey} ${this.#nodes.map((_, node) => run.spanAt(node, session.event)?.status).join(" ")}`;
    if (this.#moving !== undefined || key !== this.#groundKey) {
      // Drawn once more after the last step of a move.
      this.#groundKey = this.#moving === undefined ? key : "";
      this.#drawHulls(places);
      this.#drawLinks(places, faults);
    }
    const waiting = run.waitingAt(session.event);
    this.#nodes.forEach((mark, node) => {
      this.#drawNode(mark, node, places);
      this.#drawInbox(mark, waiting[node] ?? 0, places.nodeRadius);
    });
    this.#drawClients(places);
    this.#dots.update(places);
    setText(this.#caption, captionOf(faults));
    setAttribute(this.#svg, "aria-label", this.#inWords(faults));
  }

  /** Finds everybody's place; nodes glide there when the groups have changed. */
  #arrange(glide: boolean, faults: readonly FaultSpan[] = this.#view.run.faultsAt(this.#view.session.event)): void {
    const { run } = this.#view;
    const key = `${this.#size.x} ${this.#size.y} ${faults.map((fault) => fault.fault).join(" ")}`;
    if (key === this.#cutKey) return;
    const from = this.#places.of.length > 0 ? this.#current().of : undefined;
    this.#cutKey = key;
    this.#groups = groupsUnder(cutLinks(faults, run.endpoints.length), run.nodes.length, run.endpoints.length);
    this.#places = this.#placesFor(this.#groups);
    const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.#moving = glide && from !== undefined && !isStill ? { from, began: performance.now() } : undefined;
  }

  #placesFor(groups: readonly (readonly number[])[]): Places {
    const { run } = this.#view;
    const { x: width, y: height } = this.#size;
    const clientsHigh = this.#clients.length > 0 ? 44 : 0;
    const room = { x: width, y: height - clientsHigh };
    const count = run.nodes.length;
    const nodeRadius = Math.max(9, Math.min(30, room.y / 9, room.x / 15, (Math.PI * Math.min(room.x, room.y)) / count / 3.6));
    const radius = { x: Math.min(room.x / 2 - nodeRadius - 44, (room.y / 2) * 1.35), y: room.y / 2 - nodeRadius - 28 };
    const nodes = placesOf(groups, count, { x: room.x / 2, y: room.y / 2 - 4 }, radius);
    const step = Math.min(64, (width - 60) / Math.max(1, this.#clients.length));
    const first = width / 2 - (step * (this.#clients.length - 1)) / 2;
    const clients = run.story.header.clients.map((_, client) => ({ x: first + step * Math.min(client, CLIENTS_UP_TO - 1), y: height - 22 }));
    return { of: [...nodes, ...clients], nodeRadius };
  }

  #current(): Places {
    const moving = this.#moving;
    if (moving === undefined) return this.#places;
    const share = Math.min(1, (performance.now() - moving.began) / 420);
    if (share >= 1) this.#moving = undefined;
    else this.#view.session.onChange(); // Another frame, until everybody is there.
    const eased = d3.easeCubicInOut(share);
    const of = this.#places.of.map((to, endpoint) => {
      const from = moving.from[endpoint] ?? to;
      return { x: from.x + (to.x - from.x) * eased, y: from.y + (to.y - from.y) * eased };
    });
    return { of, nodeRadius: this.#places.nodeRadius };
  }

  #nodeMark(nodeName: string, node: number): NodeMark {
    const name = s("text", { class: "node-name", dy: "0.35em" }, nodeName);
    const role = s("text", { class: "node-role" });
    const progress = s("text", { class: "node-progress" });
    const inbox = s("text", { class: "node-inbox", "text-anchor": "middle" });
    const select = (): void => {
      const { session } = this.#view;
      session.select(session.selectedNode === node ? undefined : node);
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      select();
    };
    const group = s("g", { class: "node", tabindex: 0, role: "button", "data-node": nodeName, click: select, keydown: onKey },
      s("circle", { class: "node-focus" }), s("circle", { class: "node-halo" }), s("circle", { class: "node-disc" }), s("path", { class: "node-glyph" }), name, role, progress, s("path", { class: "node-inbox-ground" }), inbox);
    return { group, name, role, progress, inbox };
  }

  #drawNode(mark: NodeMark, node: number, places: Places): void {
    const { run, session, shown } = this.#view;
    const place = places.of[node] as Point;
    const span = run.spanAt(node, session.event);
    const status = span?.status ?? "down";
    const radius = places.nodeRadius;
    setAttribute(mark.group, "transform", `translate(${place.x.toFixed(1)} ${place.y.toFixed(1)})`);
    setAttribute(mark.group, "class", `node is-${status} role-${span?.role || "none"}${session.selectedNode === node ? " is-selected" : ""}${run.nodeOf(session.event) === node ? " is-current" : ""}`);
    setAttribute(mark.group, "style", `--term: var(${termToken(span?.term ?? -1)})`);
    const [focus, halo, disc, glyph] = mark.group.children as unknown as [Element, Element, Element, Element];
    setAttribute(focus, "r", String(radius + 9));
    setAttribute(halo, "r", String(radius + 4.5));
    setAttribute(disc, "r", String(radius));
    setAttribute(glyph, "d", glyphOf(status, radius));
    const isCrowded = this.#nodes.length > WORDS_UP_TO && status === "up" && (span?.role === "" || span?.role === "follower");
    const isSmall = radius < 16 || isCrowded;
    const isTight = radius < 25;
    setText(mark.role, isSmall ? "" : isTight ? roleText(span).replace(" · term", "") : roleText(span));
    setText(mark.progress, isTight ? "" : progressText(shown?.nodes[node]));
    setAttribute(mark.role, "y", String(radius + (isTight ? 13 : 15)));
    setAttribute(mark.progress, "y", String(radius + 28));
    setAttribute(mark.name, "style", `font-size: ${radius < 16 ? 9 : radius < 21 ? 12 : 14}px`);
    setAttribute(mark.group, "aria-label", [`${run.nodes[node]} is ${status}`, status === "up" ? roleText(span) : ""].filter(Boolean).join(", "));
    setAttribute(mark.group, "aria-pressed", String(session.selectedNode === node));
  }

  /** A badge on the node's shoulder. */
  #drawInbox({ inbox }: NodeMark, waiting: number, radius: number): void {
    const ground = inbox.previousElementSibling as Element;
    const text = waiting === 0 ? "" : String(waiting);
    setText(inbox, text);
    const [x, y] = [radius * 0.78, -radius * 0.78];
    const half = 4 + text.length * 3.4;
    setAttribute(inbox, "x", x.toFixed(1));
    setAttribute(inbox, "y", (y + 3.6).toFixed(1));
    setAttribute(ground, "d", waiting === 0 ? "" : `M${(x - half + 5).toFixed(1)} ${(y - 7.5).toFixed(1)}h${(2 * half - 10).toFixed(1)}a7.5 7.5 0 0 1 0 15h${(10 - 2 * half).toFixed(1)}a7.5 7.5 0 0 1 0 -15z`);
  }

  #drawHulls(places: Places): void {
    const isApart = this.#groups.length > 1;
    const hulls = isApart ? this.#groups.filter((group) => group.some((node) => this.#view.run.spanAt(node, this.#view.session.event)?.status !== "down")) : [];
    // All rims first: where two hulls meet, neither is crossed by the other's rim.
    const shapes = ["is-rim", "is-ground"].flatMap((part) => hulls.map((group) => ({ part, group })));
    d3.select(this.#hulls)
      .selectAll<SVGPathElement, (typeof shapes)[number]>("path")
      .data(shapes)
      .join("path")
      .attr("class", (shape) => `hull ${shape.part}`)
      .attr("stroke-width", (shape) => places.nodeRadius * 2 + (shape.part === "is-rim" ? 46 : 44))
      .attr("d", (shape) => hullPath(shape.group.map((node) => places.of[node] as Point)));
  }

  #drawLinks(places: Places, faults: readonly FaultSpan[]): void {
    const { run } = this.#view;
    const width = run.endpoints.length;
    const cuts = cutLinks(faults, width);
    const links: { from: number; to: number; kind: string }[] = [];
    for (let a = 0; a < run.nodes.length; a += 1) {
      for (let b = a + 1; b < run.nodes.length; b += 1) {
        const [there, back] = [cuts.has(a * width + b), cuts.has(b * width + a)];
        if (there && back) links.push({ from: a, to: b, kind: "link is-cut" });
        else if (there) links.push({ from: a, to: b, kind: "link is-one-way" });
        else if (back) links.push({ from: b, to: a, kind: "link is-one-way" });
        else if (run.nodes.length <= LINKS_UP_TO) links.push({ from: a, to: b, kind: "link" });
      }
    }
    d3.select(this.#links)
      .selectAll<SVGPathElement, (typeof links)[number]>("path")
      .data(cuts.size > CUTS_UP_TO ? links.filter((link) => link.kind === "link") : links)
      .join("path")
      .attr("class", (link) => link.kind)
      .attr("pathLength", 100)
      .attr("d", (link) => linkPath(places.of[link.from] as Point, places.of[link.to] as Point, places.nodeRadius));
  }

  #drawClients(places: Places): void {
    const { run, session } = this.#view;
    const busy = new Set(run.operations.openAt(session.event).map((operation) => run.nodeOf(run.operations.start[operation] as number)));
    this.#clients.forEach((mark, client) => {
      const endpoint = run.nodes.length + client;
      const place = places.of[endpoint] as Point;
      setAttribute(mark, "transform", `translate(${place.x} ${place.y})`);
      setAttribute(mark, "class", `client${busy.has(endpoint) ? " is-busy" : ""}${run.nodeOf(session.event) === endpoint ? " is-current" : ""}`);
    });
  }

  #inWords(faults: readonly FaultSpan[]): string {
    const { run, session } = this.#view;
    const nodes = run.nodes.map((name, node) => `${name} ${roleText(run.spanAt(node, session.event)) || "up"}`);
    return `Cluster: ${nodes.join(", ")}. ${faults.length === 0 ? "No fault under way." : captionOf(faults)}`;
  }
}

/** With its zone below it, if it stands in one: unlike a node's, its name does not say. */
function clientMark(name: string, zone: string): SVGGElement {
  const mark = s("g", { class: "client" }, s("rect", { x: -15, y: -10, width: 30, height: 20, rx: 5 }), s("text", { dy: "0.35em" }, name));
  if (zone !== "") mark.append(s("text", { class: "client-zone", y: 20 }, zone));
  return mark;
}

/** `preCandidate` as `pre-candidate`. */
export function roleWords(role: string): string {
  return role.replace(/([a-z])([A-Z])/g, "$1-$2").toLowerCase();
}

function roleText(span: Span | undefined): string {
  if (span === undefined || span.status === "down") return "down";
  const role = span.term < 0 ? roleWords(span.role) : `${roleWords(span.role)} · term ${span.term}`;
  if (span.status === "paused") return role === "" ? "paused" : `paused · ${role}`;
  return role;
}

/** `12 of 14 committed`, where a node shows both. */
function progressText(fields: readonly FieldShown[] | undefined): string {
  const commit = fields?.find((field) => field.name === "commitIndex")?.value;
  const log = fields?.find((field) => field.summary?.type === "log")?.summary;
  if (log?.type !== "log") return "";
  return typeof commit === "number" ? `${commit} / ${log.length}` : `${log.length}`;
}

/** A cross over what is down, two bars over what is paused. */
function glyphOf(status: string, radius: number): string {
  const r = radius * 0.72;
  if (status === "down") return `M${-r} ${-r}L${r} ${r}M${r} ${-r}L${-r} ${r}`;
  const far = radius * 0.78;
  return status === "paused" ? `M${far - 3.5} ${-far - 6}v11M${far + 3.5} ${-far - 6}v11` : "";
}

function captionOf(faults: readonly FaultSpan[]): string {
  return faults.map((fault) => (fault.name === fault.kind ? fault.kind : fault.name)).join(" · ");
}

/** A line around points that is meant to be stroked thickly, with round corners. */
function hullPath(points: readonly Point[]): string {
  const pairs = points.map((point): [number, number] => [point.x, point.y]);
  const hull = pairs.length > 2 ? (d3.polygonHull(pairs) ?? pairs) : pairs;
  const [first, ...rest] = hull;
  if (first === undefined) return "";
  // A stroke without length is not drawn, so a point alone gets a little.
  const end = rest.length === 0 ? "l0.01 0" : rest.map(([x, y]) => `L${x} ${y}`).join("");
  return `M${first[0]} ${first[1]}${end}Z`;
}

function linkPath(from: Point, to: Point, radius: number): string {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const [dx, dy] = [((to.x - from.x) / length) * (radius + 3), ((to.y - from.y) / length) * (radius + 3)];
  return `M${(from.x + dx).toFixed(1)} ${(from.y + dy).toFixed(1)}L${(to.x - dx).toFixed(1)} ${(to.y - dy).toFixed(1)}`;
}

function legend(view: View): HTMLElement {
  const { families } = view.palette;
  const items = families.map(({ family, color, hasReply }) =>
    h("span", { class: "legend-item", style: `--color: var(${color})` }, h("i", { class: "legend-dot" }), hasReply && h("i", { class: "legend-dot is-reply", title: "its reply" }), family),
  );
  const clients = view.run.story.header.clients.length > 0 && h("span", { class: "legend-item", style: "--color: var(--message-client)" }, h("i", { class: "legend-dot" }), h("i", { class: "legend-dot is-reply" }), "clients");
  return h("div", { class: "legend", "aria-label": "Messages: filled on the way, hollow for a reply" }, ...items, clients);
}
