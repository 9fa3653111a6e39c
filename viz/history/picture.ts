/** The picture of a history: a row a client, operations as bars; zoom, search, point, and walk with the keyboard. */
import * as d3 from "d3";
import { formatTime } from "../../sim/explain/units.ts";
import { h, iconButton, setAttribute, setText } from "../dom.ts";
import { color, font, onThemeChange } from "../theme.ts";
import type { HistoryData } from "./data.ts";
import { type AxisKind, BAR, layoutOf, type Layout, operationAt } from "./layout.ts";
import { paint } from "./paint.ts";
import { search } from "./search.ts";

const AXIS_HIGH = 22;
/** What is shown at first of a history in which nothing is wrong. */
const FIRST_EVENTS = 160;

export class HistoryPicture {
  readonly element: HTMLElement;
  readonly #data: HistoryData;
  readonly #refuting: ReadonlySet<number>;
  readonly #culprit: number | undefined;
  readonly #open: ((operation: number) => void) | undefined;
  readonly #canvas = h("canvas", { class: "history-canvas" });
  readonly #axisCanvas = h("canvas", { class: "history-axis" });
  readonly #gutter = h("div", { class: "history-gutter" });
  readonly #field: HTMLElement;
  readonly #body: HTMLElement;
  readonly #caption = h("span", { class: "history-count", role: "status" });
  readonly #selectedLine = h("p", { class: "history-selected", role: "status", "aria-live": "polite" });
  readonly #input: HTMLInputElement;
  readonly #axisButtons: HTMLButtonElement[];
  readonly #zoom: d3.ZoomBehavior<HTMLElement, unknown>;
  #axis: AxisKind = "order";
  #layout: Layout;
  #found: readonly number[] | undefined;
  #selected: number | undefined;
  #hovered: number | undefined;
  #transform = d3.zoomIdentity;
  #width = 0;
  #height = 0;
  #frame = 0;

  /** `open`: told of an operation that is to be seen elsewhere, by Enter or a double click. */
  constructor(data: HistoryData, open?: (operation: number) => void) {
    this.#data = data;
    this.#open = open;
    this.#refuting = new Set(data.refutation);
    this.#culprit = data.refutation.at(-1);
    this.#layout = layoutOf(data, this.#axis);
    this.#input = h("input", { type: "search", class: "history-search", placeholder: "Find: c2, k1, write, 17 …", "aria-label": "Find operations by client, key, name or value", input: () => this.#search() });
    this.#axisButtons = (["order", "time"] as const).map((kind) => h("button", { type: "button", title: `${kind === "order" ? "One step an event" : "By the time"} (x)`, click: () => this.#setAxis(kind) }, kind === "order" ? "Order" : "Time"));
    this.#field = h("div", { class: "history-field", tabindex: 0, role: "application", "aria-label": "Operations by client. Arrow keys walk from operation to operation; the line below says which." }, this.#canvas);
    this.#zoom = d3.zoom<HTMLElement, unknown>().clickDistance(4).filter((event: MouseEvent) => !event.button && !(event instanceof WheelEvent && event.shiftKey)).on("zoom", (event: d3.D3ZoomEvent<HTMLElement, unknown>) => this.#zoomed(event.transform));
    this.#body = h("div", { class: "history-body" }, this.#gutter, this.#field);
    this.element = h("div", { class: "history" }, this.#toolbar(), h("div", { class: "history-axis-row" }, h("span", { class: "history-corner" }), this.#axisCanvas), this.#body, this.#selectedLine);
    this.#listen();
  }

  #toolbar(): HTMLElement {
    const isTimed = this.#data.isTimed;
    return h("div", { class: "history-toolbar" },
      this.#input, this.#caption,
      isTimed && h("div", { class: "segmented", role: "group", "aria-label": "Axis" }, ...this.#axisButtons),
      this.#culprit !== undefined && h("button", { type: "button", class: "text-button", title: "Go to the first impossible operation (j)", click: () => this.#goTo(this.#culprit!) }, "First impossible operation"),
      h("div", { class: "head-buttons" },
        iconButton("minus", "Zoom out", "−", () => this.#zoomBy(1 / 1.6)),
        iconButton("plus", "Zoom in", "+", () => this.#zoomBy(1.6)),
        iconButton("fit", "All of it", "0", () => this.#show(0, this.#layout.length)),
      ),
    );
  }

  #listen(): void {
    d3.select(this.#field).call(this.#zoom).on("dblclick.zoom", null);
    this.#field.addEventListener("wheel", (event) => {
      if (!event.shiftKey && Math.abs(event.deltaX) <= Math.abs(event.deltaY)) return;
      event.preventDefault();
      d3.select(this.#field).call(this.#zoom.translateBy, -(event.deltaX + (event.shiftKey ? event.deltaY : 0)) / this.#transform.k, 0);
    }, { passive: false });
    this.#field.addEventListener("pointermove", (event) => this.#point(this.#at(event)));
    this.#field.addEventListener("pointerleave", () => this.#point(undefined));
    this.#field.addEventListener("dblclick", () => this.#openSelected());
    this.#field.addEventListener("click", (event) => this.#select(this.#at(event)));
    this.element.addEventListener("keydown", (event) => this.#key(event));
    this.#body.addEventListener("scroll", () => this.#paintSoon(), { passive: true });
    new ResizeObserver(() => this.resize()).observe(this.#field);
    onThemeChange(() => this.#paintSoon());
  }

  /** To be called when it stands in the page. */
  start(): void {
    this.resize();
    this.#updateAxisButtons();
    if (this.#culprit !== undefined) this.#goTo(this.#culprit, [...this.#refuting]);
    else {
      this.#select(undefined);
      // So much that the bars can be told apart; the whole is a key away.
      this.#show(0, Math.min(this.#layout.length, FIRST_EVENTS));
    }
  }

  resize(): void {
    this.#width = Math.max(60, this.#field.clientWidth);
    // The canvas is as high as what can be seen of it: one for thousands of clients would be more than browsers take.
    this.#field.style.height = this.#gutter.style.height = `${this.#layout.height}px`;
    this.#height = Math.min(this.#layout.height, this.#body.clientHeight);
    for (const [canvas, height] of [[this.#canvas, this.#height], [this.#axisCanvas, AXIS_HIGH]] as const) {
      canvas.width = Math.round(this.#width * devicePixelRatio);
      canvas.height = Math.round(height * devicePixelRatio);
      canvas.style.width = `${this.#width}px`;
      canvas.style.height = `${height}px`;
    }
    this.#zoom.extent([[0, 0], [this.#width, this.#height]]).translateExtent([[0, -Infinity], [this.#width, Infinity]]).scaleExtent([1, Math.max(2, this.#layout.length)]);
    this.#gutter.replaceChildren(...this.#layout.rows.map(({ client, height }) => h("div", { class: "history-client", style: `height:${height}px`, title: client }, client)));
    this.#paintSoon();
  }

  get #x(): d3.ScaleLinear<number, number> {
    return this.#transform.rescaleX(d3.scaleLinear([0, this.#layout.length], [0, this.#width]));
  }

  #zoomed(transform: d3.ZoomTransform): void {
    this.#transform = transform;
    this.#paintSoon();
  }

  #zoomBy(factor: number): void {
    d3.select(this.#field).call(this.#zoom.scaleBy, factor);
  }

  #show(from: number, to: number): void {
    const k = Math.max(1, this.#layout.length / Math.max(1e-9, to - from));
    const x = -(from / this.#layout.length) * this.#width * k;
    d3.select(this.#field).call(this.#zoom.transform, d3.zoomIdentity.translate(Math.min(0, Math.max(this.#width * (1 - k), x)), 0).scale(k));
  }

  #setAxis(axis: AxisKind): void {
    if (axis === this.#axis) return;
    this.#axis = axis;
    this.#layout = layoutOf(this.#data, axis);
    this.#updateAxisButtons();
    this.#show(0, this.#layout.length);
    if (this.#selected !== undefined) this.#goTo(this.#selected);
  }

  #updateAxisButtons(): void {
    this.#axisButtons.forEach((button, at) => setAttribute(button, "aria-pressed", String((at === 0) === (this.#axis === "order"))));
  }

  /** Selects an operation, and shows it with those that belong to it. */
  #goTo(operation: number, others: readonly number[] = [operation]): void {
    this.#select(operation);
    const extents = others.map((one) => this.#layout.extents[one]!);
    const [from, to] = [Math.min(...extents.map((extent) => extent.from)), Math.max(...extents.map((extent) => (extent.isOpen ? extent.from : extent.to)))];
    const [left, right] = [this.#x.invert(0), this.#x.invert(this.#width)];
    const room = Math.max(to - from, this.#layout.length / 60);
    if (others.length > 1) this.#show(Math.max(0, from - room * 0.1), to + room * 0.25);
    else if (from < left || to > right) this.#show(Math.max(0, from - (right - left) / 2), Math.max(0, from - (right - left) / 2) + (right - left));
    const top = this.#layout.tops[operation]!;
    if (top < this.#body.scrollTop || top + BAR > this.#body.scrollTop + this.#body.clientHeight) this.#body.scrollTop = top - this.#body.clientHeight / 2;
  }

  #at(event: MouseEvent): number | undefined {
    const box = this.#canvas.getBoundingClientRect();
    const x = this.#x;
    const slack = x.invert(2) - x.invert(0);
    return operationAt(this.#layout, x.invert(event.clientX - box.left), event.clientY - box.top + this.#body.scrollTop, slack);
  }

  #point(operation: number | undefined): void {
    if (operation === this.#hovered) return;
    this.#hovered = operation;
    this.#field.title = operation === undefined ? "" : this.#say(operation);
    this.#paintSoon();
  }

  #select(operation: number | undefined): void {
    this.#selected = operation;
    setText(this.#selectedLine, operation === undefined ? "Nothing is selected: click an operation, or press →." : this.#say(operation));
    this.#paintSoon();
  }

  #say(at: number): string {
    const { clients, operations, isTimed, witness, cycle } = this.#data;
    const { row, what, outcome, invoked, returned, invokedNs, returnedNs } = operations[at]!;
    const when = isTimed ? `${formatTime(invokedNs)} to ${returnedNs === null ? "…" : formatTime(returnedNs)}` : `events ${invoked + 1} to ${returned === null ? "…" : returned + 1}`;
    const ended = outcome === "info" ? ", never answered" : outcome === "mismatch" ? ", the comparison was false" : "";
    const place = witness.map(({ part, order }) => ({ part, place: order.indexOf(at) })).find(({ place: found }) => found >= 0);
    const inOrder = place === undefined ? "" : ` · number ${place.place + 1} in the legal order${place.part === "" ? "" : ` of ${place.part}`}`;
    const reason = cycle.filter(({ from }) => from === at).map(({ why }) => ` · ${why}`).join("");
    return `${clients[row]}: ${what}${ended} · ${when}${inOrder}${at === this.#culprit ? " · the first that is impossible" : ""}${reason}`;
  }

  #search(): void {
    const text = this.#input.value.trim();
    this.#found = text === "" ? undefined : search(this.#data, text);
    setText(this.#caption, this.#found === undefined ? "" : this.#found.length === 0 ? "nothing found" : `${this.#found.length.toLocaleString("en")} found`);
    this.#paintSoon();
  }

  /** The next one found, or refuting, or of the same client, after the selected one. */
  #step(by: 1 | -1, among: readonly number[]): void {
    if (among.length === 0) return;
    const from = this.#selected ?? (by === 1 ? -1 : this.#data.operations.length);
    const next = by === 1 ? among.find((one) => one > from) : among.findLast((one) => one < from);
    this.#goTo(next ?? (by === 1 ? among[0]! : among.at(-1)!));
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target === this.#input) {
      if (event.key === "Enter") this.#step(event.shiftKey ? -1 : 1, this.#found ?? []);
      if (event.key === "Escape") this.#field.focus();
      return;
    }
    if (handleKey(event.key, this.#keys)) event.preventDefault();
  }

  readonly #keys: { readonly [key: string]: () => void } = {
    ArrowRight: () => this.#step(1, this.#found ?? this.#all),
    ArrowLeft: () => this.#step(-1, this.#found ?? this.#all),
    ArrowDown: () => this.#otherRow(1),
    ArrowUp: () => this.#otherRow(-1),
    n: () => this.#step(1, this.#found ?? [...this.#refuting].sort((a, b) => a - b)),
    N: () => this.#step(-1, this.#found ?? [...this.#refuting].sort((a, b) => a - b)),
    j: () => this.#culprit !== undefined && this.#goTo(this.#culprit),
    "/": () => this.#input.focus(),
    "+": () => this.#zoomBy(1.6),
    "=": () => this.#zoomBy(1.6),
    "-": () => this.#zoomBy(1 / 1.6),
    "0": () => this.#show(0, this.#layout.length),
    x: () => this.#data.isTimed && this.#setAxis(this.#axis === "order" ? "time" : "order"),
    Enter: () => this.#openSelected(),
  };

  #openSelected(): void {
    if (this.#selected !== undefined) this.#open?.(this.#selected);
  }

  get #all(): readonly number[] {
    return this.#data.operations.map((_, at) => at);
  }

  /** The operation of the next client that begins about when the selected one does. */
  #otherRow(by: 1 | -1): void {
    const { operations, clients } = this.#data;
    const now = this.#selected === undefined ? undefined : operations[this.#selected]!;
    const row = now === undefined ? 0 : (now.row + by + clients.length) % clients.length;
    const own = this.#all.filter((at) => operations[at]!.row === row);
    const near = d3.least(own, (at) => Math.abs(operations[at]!.invoked - (now?.invoked ?? 0)));
    if (near !== undefined) this.#goTo(near);
  }

  #paintSoon(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#paint());
  }

  #paint(): void {
    this.#frame = 0;
    if (this.#width === 0) return;
    const x = this.#x;
    const found = this.#found === undefined ? undefined : new Set(this.#found);
    const isFaint = (at: number): boolean => (found !== undefined ? !found.has(at) : this.#refuting.size > 0 && !this.#refuting.has(at));
    paint(contextOf(this.#canvas), { data: this.#data, layout: this.#layout, x, width: this.#width, height: this.#height, scroll: this.#body.scrollTop, selected: this.#selected, hovered: this.#hovered, isFaint, refuting: this.#refuting, culprit: this.#culprit });
    this.#paintAxis(x);
  }

  #paintAxis(x: d3.ScaleLinear<number, number>): void {
    const context = contextOf(this.#axisCanvas);
    context.clearRect(0, 0, this.#width, AXIS_HIGH);
    context.font = font(11);
    context.fillStyle = color("--ink-3");
    context.textBaseline = "middle";
    for (const tick of x.ticks(Math.max(2, this.#width / 130))) {
      if (this.#axis === "order" && !Number.isInteger(tick)) continue;
      const text = this.#axis === "time" ? formatTime(Math.round(tick)) : `event ${(tick + 1).toLocaleString("en")}`;
      context.fillText(text, x(tick) + 4, AXIS_HIGH / 2);
      context.fillRect(x(tick), 6, 1, AXIS_HIGH);
    }
  }
}

function handleKey(key: string, keys: { readonly [key: string]: () => void }): boolean {
  const action = keys[key];
  action?.();
  return action !== undefined;
}

function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  return context;
}

