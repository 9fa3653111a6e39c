/** The timeline: a lane for each node, for faults and for operations; pan, zoom, point and click. */
import * as d3 from "d3";
import { formatCount } from "../../../sim/explain/units.ts";
import { h, iconButton, setAttribute, setText } from "../../dom.ts";
import { axisKinds, axisTitles } from "../../model/axis.ts";
import { tickText } from "../../model/clocktext.ts";
import { termToken } from "../../model/palette.ts";
import type { Panel, View } from "../../view.ts";
import { roleWords } from "../cluster.ts";
import { Picture } from "./brush.ts";
import { eventAt } from "./hit.ts";
import { faultRows, lanesFor, type Lanes } from "./lanes.ts";
import { Overview } from "./overview.ts";
import { paintDots, paintEvents, type Drawn } from "./paintEvents.ts";
import { paintFaults, paintGround, paintRoles, paintTroubles } from "./paintLanes.ts";
import { paintNow } from "./paintNow.ts";
import { paintOperations, type OperationBar } from "./paintOperations.ts";
import { Tooltip } from "./tooltip.ts";

const AXIS_HIGH = 22;

export function timelinePanel(view: View): Panel {
  return new TimelinePanel(view);
}

class TimelinePanel implements Panel {
  readonly element: HTMLElement;
  readonly #view: View;
  readonly #overview: Overview;
  readonly #tooltip: Tooltip;
  readonly #ground = h("canvas", { class: "timeline-ground" });
  readonly #top = h("canvas", { class: "timeline-top" });
  readonly #axis = h("canvas", { class: "timeline-axis" });
  readonly #gutter = h("div", { class: "timeline-gutter" });
  readonly #scroll = h("div", { class: "timeline-scroll" });
  readonly #field = h("div", { class: "timeline-field", role: "img", "aria-label": "Events of every node over time. The transcript says the same in words." });
  readonly #caption = h("p", { class: "panel-caption" });
  readonly #axisButtons: HTMLButtonElement[];
  readonly #labels: HTMLButtonElement[];
  readonly #rows: { rows: number[]; count: number };
  readonly #zoom: d3.ZoomBehavior<HTMLElement, unknown>;
  #lanes: Lanes;
  #width = 0;
  #painted = "";
  #bars: OperationBar[] = [];
  #hovered: number | undefined;

  constructor(view: View) {
    this.#view = view;
    const { run, session } = view;
    this.#overview = new Overview(view);
    this.#tooltip = new Tooltip(view);
    this.#rows = faultRows(run.story.faults);
    this.#lanes = lanesFor(300, run.nodes.length, this.#rows.count, run.story.header.clients.length > 0);
    this.#axisButtons = axisKinds.map((kind) => h("button", { type: "button", title: `${axisTitles[kind]} (x)`, click: () => session.setAxis(kind) }, kind === "time" ? "Time" : kind === "order" ? "Order" : "Squeezed"));
    this.#labels = run.nodes.map((name, node) => this.#label(name, node));
    this.#field.append(this.#ground, this.#top, this.#tooltip.element);
    this.#scroll.append(this.#gutter, this.#field);
    this.element = h("section", { class: "panel timeline", style: `--longest-name: ${Math.max(...run.nodes.map(({ length }) => length))}`, "aria-label": "Timeline" },
      this.#head(),
      h("div", { class: "timeline-axis-row" }, h("span", { class: "timeline-corner" }), this.#axis),
      this.#scroll,
      h("div", { class: "timeline-overview-row" }, h("span", { class: "timeline-corner" }, "Whole run"), this.#overview.element),
    );
    this.#zoom = d3.zoom<HTMLElement, unknown>().clickDistance(4).filter((event: MouseEvent) => !event.button && !(event instanceof WheelEvent && isSideways(event))).on("zoom", (event: d3.D3ZoomEvent<HTMLElement, unknown>) => this.#zoomed(event));
    this.#listen();
  }

  #head(): HTMLElement {
    const { session } = this.#view;
    return h("div", { class: "panel-head" },
      h("h2", {}, "Timeline"),
      h("div", { class: "segmented", role: "group", "aria-label": "Axis" }, ...this.#axisButtons),
      this.#caption,
      h("div", { class: "head-buttons" },
        iconButton("minus", "Zoom out", "−", () => session.zoom(1.6)),
        iconButton("plus", "Zoom in", "+", () => session.zoom(1 / 1.6)),
        iconButton("fit", "The whole run", "0", () => session.setWindow(0, session.axis.length)),
      ),
    );
  }

  #label(name: string, node: number): HTMLButtonElement {
    const select = (): void => {
      const { session } = this.#view;
      session.select(session.selectedNode === node ? undefined : node);
    };
    return h("button", { type: "button", class: "lane-label", click: select }, h("i", { class: "lane-dot" }), h("span", { class: "lane-name" }, name), h("span", { class: "lane-role" }));
  }

  resize(): void {
    const { run, session } = this.#view;
    this.#width = Math.max(50, this.#field.clientWidth);
    this.#lanes = lanesFor(this.#scroll.clientHeight, run.nodes.length, this.#rows.count, run.story.header.clients.length > 0);
    const height = this.#lanes.height;
    this.#field.style.height = this.#gutter.style.height = `${height}px`;
    for (const canvas of [this.#ground, this.#top]) sizeCanvas(canvas, this.#width, height);
    sizeCanvas(this.#axis, this.#width, AXIS_HIGH);
    this.#zoom.extent([[0, 0], [this.#width, height]]).translateExtent([[0, 0], [this.#width, height]]).scaleExtent([1, Math.max(2, session.axis.length / 2)]);
    this.#overview.resize();
    this.#painted = "";
    this.#placeLabels();
  }

  update(): void {
    if (this.#width === 0) return;
    const { session } = this.#view;
    const key = `${session.axis.kind} ${session.window.join(" ")} ${this.#width}`;
    if (key !== this.#painted) {
      this.#painted = key;
      this.#paint();
      this.#placeZoom();
      this.#axisButtons.forEach((button, at) => setAttribute(button, "aria-pressed", String(axisKinds[at] === session.axis.kind)));
    }
    const picture = this.#picture(this.#top);
    picture.context.clearRect(0, 0, this.#width, this.#lanes.height);
    paintNow(picture, this.#hovered);
    this.#paintAxisHead();
    this.#updateLabels();
    this.#overview.update();
  }

  #picture(canvas: HTMLCanvasElement): Picture {
    const context = canvas.getContext("2d") as CanvasRenderingContext2D;
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    return new Picture(context, this.#view, this.#lanes, this.#width);
  }

  #paint(): void {
    const picture = this.#picture(this.#ground);
    const { run } = this.#view;
    picture.context.clearRect(0, 0, this.#width, this.#lanes.height);
    paintGround(picture);
    paintFaults(picture, run.story.faults, this.#rows.rows);
    const drawn = paintEvents(picture);
    paintRoles(picture);
    if (!drawn.isBinned) paintDots(picture);
    this.#bars = paintOperations(picture);
    paintTroubles(picture);
    setText(this.#caption, captionOf(drawn));
  }

  /** Ticks, and the playhead's handle. */
  #paintAxisHead(): void {
    const { session } = this.#view;
    const picture = this.#picture(this.#axis);
    const { context, width, from, to, axis } = picture;
    context.clearRect(0, 0, width, AXIS_HIGH);
    context.font = picture.font(11);
    context.textBaseline = "middle";
    context.fillStyle = picture.color("--ink-3");
    context.strokeStyle = picture.color("--line-2");
    const scale = d3.scaleLinear([from, to], [0, width]);
    const ticks = scale.ticks(Math.max(2, Math.floor(width / 120)));
    const step = (ticks[1] ?? 1) - (ticks[0] ?? 0);
    context.beginPath();
    for (const tick of ticks) {
      const x = Math.round(scale(tick)) + 0.5;
      context.moveTo(x, AXIS_HIGH - 5);
      context.lineTo(x, AXIS_HIGH);
      const words = axis.kind === "time" ? tickText(tick, step) : axis.kind === "order" ? `#${formatCount(Math.round(tick))}` : tickText(axis.timeAt(tick), Math.max(1, axis.timeAt(tick + step) - axis.timeAt(tick)));
      if (x + 4 + context.measureText(words).width < width) context.fillText(words, x + 4, AXIS_HIGH / 2);
    }
    context.stroke();
    const x = picture.x(session.position);
    if (x < -6 || x > width + 6) return;
    context.fillStyle = picture.color("--accent");
    context.beginPath();
    context.moveTo(x - 5, AXIS_HIGH - 10);
    context.lineTo(x + 5, AXIS_HIGH - 10);
    context.lineTo(x + 5, AXIS_HIGH - 5);
    context.lineTo(x, AXIS_HIGH);
    context.lineTo(x - 5, AXIS_HIGH - 5);
    context.fill();
  }

  #placeLabels(): void {
    const { faults, nodes, operations } = this.#lanes;
    const at = (element: HTMLElement, top: number, height: number): HTMLElement => {
      element.style.top = `${top}px`;
      element.style.height = `${height}px`;
      return element;
    };
    this.#gutter.replaceChildren(
      at(h("span", { class: "lane-label is-plain" }, "Faults"), faults.top, faults.height),
      ...this.#labels.map((label, node) => at(label, nodes[node]?.top ?? 0, nodes[node]?.height ?? 0)),
      ...(operations === undefined ? [] : [at(h("span", { class: "lane-label is-plain" }, "Operations"), operations.top, operations.height)]),
    );
  }

  #updateLabels(): void {
    const { run, session } = this.#view;
    this.#labels.forEach((label, node) => {
      const span = run.spanAt(node, session.event);
      const status = span === undefined || span.status === "down" ? "down" : span.status === "paused" ? "paused" : span.role;
      setAttribute(label, "style", `top:${this.#lanes.nodes[node]?.top ?? 0}px;height:${this.#lanes.nodes[node]?.height ?? 0}px;--term:var(${termToken(span?.term ?? -1)})`);
      setAttribute(label, "class", `lane-label role-${status === "down" ? "down" : span?.role || "none"}${session.selectedNode === node ? " is-selected" : ""}`);
      setAttribute(label, "aria-pressed", String(session.selectedNode === node));
      setText(label.lastElementChild as Element, status === "leader" && (span?.term ?? -1) >= 0 ? `leader ${span?.term}` : roleWords(status));
    });
  }

  #listen(): void {
    const { session } = this.#view;
    const selection = d3.select<HTMLElement, unknown>(this.#field);
    selection.call(this.#zoom).on("dblclick.zoom", null);
    this.#field.addEventListener("wheel", (event) => {
      if (!isSideways(event)) return;
      event.preventDefault();
      session.pan((event.deltaX || event.deltaY) / this.#width);
    }, { passive: false });
    this.#field.addEventListener("click", (event) => this.#clicked(event));
    this.#field.addEventListener("pointermove", (event) => this.#pointed(event));
    this.#field.addEventListener("pointerleave", () => this.#point(undefined));
    const scrub = (event: PointerEvent): void => {
      if (event.buttons !== 1) return;
      this.#axis.setPointerCapture(event.pointerId);
      session.playing = false;
      session.goToPosition(this.#positionAt(event.clientX));
    };
    this.#axis.addEventListener("pointerdown", scrub);
    this.#axis.addEventListener("pointermove", scrub);
  }

  #clicked(event: MouseEvent): void {
    if (event.defaultPrevented) return;
    const { session } = this.#view;
    const { x, y } = this.#placeOf(event);
    const hit = eventAt(this.#picture(this.#top), x, y, this.#bars, this.#rows.rows);
    session.playing = false;
    if (hit === undefined) session.goToPosition(this.#positionAt(event.clientX));
    else session.goTo(hit);
  }

  #pointed(event: PointerEvent): void {
    if (event.buttons !== 0) return this.#point(undefined);
    const { x, y } = this.#placeOf(event);
    this.#point(eventAt(this.#picture(this.#top), x, y, this.#bars, this.#rows.rows), x, y);
  }

  #point(event: number | undefined, x = 0, y = 0): void {
    this.#tooltip.show(event, x, y, this.#width);
    this.#field.classList.toggle("is-pointing", event !== undefined);
    if (event === this.#hovered) return;
    this.#hovered = event;
    this.#view.session.onChange();
  }

  #placeOf(event: MouseEvent): { x: number; y: number } {
    const box = this.#field.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  #positionAt(clientX: number): number {
    const [from, to] = this.#view.session.window;
    return from + ((clientX - this.#field.getBoundingClientRect().left) / this.#width) * (to - from);
  }

  /** The window from what d3 says about the drag or the wheel. */
  #zoomed(event: d3.D3ZoomEvent<HTMLElement, unknown>): void {
    const { session } = this.#view;
    const width = session.axis.length / event.transform.k;
    const from = (-event.transform.x / this.#width) * width;
    session.setWindow(from, from + width);
  }

  /** Tells d3 where the window is, when somebody else has moved it. */
  #placeZoom(): void {
    const { window, axis } = this.#view.session;
    const k = axis.length / (window[1] - window[0]);
    // The state that d3 keeps on the element; its own way of setting it would end a drag under way.
    (this.#field as HTMLElement & { __zoom?: d3.ZoomTransform }).__zoom = d3.zoomIdentity.translate((-window[0] / axis.length) * this.#width * k, 0).scale(k);
  }
}

function sizeCanvas(canvas: HTMLCanvasElement, width: number, height: number): void {
  canvas.width = Math.round(width * devicePixelRatio);
  canvas.height = Math.round(height * devicePixelRatio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
}

function isSideways(event: WheelEvent): boolean {
  return event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
}

function captionOf({ events, messages, isBinned }: Drawn): string {
  const inView = `${formatCount(events)} events, ${formatCount(messages)} messages in view`;
  return isBinned ? `${inView}, counted per pixel: zoom in for arrows` : `${inView}, each drawn`;
}
