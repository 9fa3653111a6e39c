/** The page with a run open: panels around one session, drawn once a frame in which something changed. */
import { h } from "./dom.ts";
import { addressText, parseAddress } from "./model/address.ts";
import { Latest } from "./model/latest.ts";
import type { Link } from "./model/link.ts";
import { Palette } from "./model/palette.ts";
import { Run } from "./model/run.ts";
import type { RunData } from "./model/recorder.ts";
import { Session } from "./model/session.ts";
import type { Details, Shown, Want } from "./model/wire.ts";
import { clusterPanel } from "./panels/cluster.ts";
import { headerPanel, type PageActions } from "./panels/header.ts";
import { inspectorPanel } from "./panels/inspector.ts";
import { statePanel } from "./panels/state.ts";
import { timelinePanel } from "./panels/timeline/timeline.ts";
import { transcriptPanel } from "./panels/transcript.ts";
import { transportPanel } from "./panels/transport.ts";
import type { BundledScenario } from "./scenarios.ts";
import { onThemeChange } from "./theme.ts";
import type { Panel, View } from "./view.ts";

/** The address is written when things have settled: browsers limit how often it may change. */
const ADDRESS_MS = 250;
/** While time runs, the details of the current event come this often. */
const DETAILS_MS = 160;
/** While the moment moves, panels full of text are renewed this often, so that the pictures move with every frame. */
const TEXT_MS = 64;
/** A page that was hidden goes on from where it was, not from where the clock is. */
const LONGEST_FRAME_MS = 100;

export class Viewer implements View {
  readonly run: Run;
  readonly session: Session;
  readonly palette: Palette;
  readonly link: Link;
  readonly element: HTMLElement;
  shown: Shown | undefined;
  details: Details | undefined;
  rows: View["rows"] = { top: "tail", count: 20 };
  readonly #panels: Panel[];
  /** Those that are mostly text, and take their time. */
  readonly #texts: Panel[];
  #textsAt = 0;
  #drawnEvent = -1;
  readonly #latestShown: Latest<Want, Shown>;
  readonly #latestDetails: Latest<number, Details | undefined>;
  #wanted = "";
  #wantedEvent = -1;
  #detailsAt = 0;
  #frame = 0;
  #frameAt = 0;
  #addressTimer = 0;
  #address = "";
  #isClosed = false;
  readonly #observer: ResizeObserver;

  constructor(data: RunData, link: Link, actions: PageActions, scenarios: readonly BundledScenario[]) {
    this.run = new Run(data);
    this.session = new Session(this.run);
    this.palette = new Palette(this.run);
    this.link = link;
    this.#latestShown = new Latest((want) => link.shown(want), (shown) => {
      this.shown = shown;
      this.#invalidate();
    });
    this.#latestDetails = new Latest((event) => link.details(event), (details) => {
      this.details = details;
      this.#invalidate();
    });
    const [header, cluster, state, transport, timeline, inspector, transcript] = [headerPanel(this, actions, scenarios), clusterPanel(this), statePanel(this), transportPanel(this), timelinePanel(this), inspectorPanel(this), transcriptPanel(this)];
    // The timeline first: a canvas that sets a font makes the browser settle the styles that are changed so far.
    this.#panels = [timeline, header, cluster, transport];
    this.#texts = [state, inspector, transcript];
    this.element = h("div", { class: "viewer" }, header.element,
      h("main", { class: "desk" },
        h("div", { class: "stage" }, cluster.element, state.element),
        transport.element,
        timeline.element,
        h("aside", { class: "side", "aria-label": "Details" }, inspector.element, transcript.element),
      ),
    );
    this.#observer = new ResizeObserver(() => this.#resize());
    this.session.onChange = () => this.#invalidate();
    onThemeChange(() => this.#resize());
    window.addEventListener("hashchange", (event) => this.#followAddress(new URL(event.newURL).hash.slice(1)));
  }

  /** To be called when the element stands in the page. */
  start(): void {
    const address = parseAddress(location.hash);
    if (location.hash.length > 1) this.session.visit(address);
    document.title = `${this.run.story.header.scenario} · Splitbrain`;
    this.#observer.observe(this.element);
    this.#resize();
  }

  close(): void {
    this.#isClosed = true;
    this.#observer.disconnect();
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#addressTimer);
  }

  #resize(): void {
    if (this.#isClosed) return;
    for (const panel of [...this.#panels, ...this.#texts]) panel.resize?.();
    this.#invalidate();
  }

  #invalidate(): void {
    if (this.#frame !== 0 || this.#isClosed) return;
    this.#frame = requestAnimationFrame((now) => this.#draw(now));
  }

  #draw(now: number): void {
    this.#frame = 0;
    const elapsed = Math.min(LONGEST_FRAME_MS, now - this.#frameAt);
    this.#frameAt = now;
    if (this.session.playing) {
      this.session.advance(elapsed);
      this.#invalidate();
    }
    this.#askWorker(now);
    for (const panel of this.#panels) panel.update();
    const isMoving = this.session.event !== this.#drawnEvent;
    this.#drawnEvent = this.session.event;
    if (isMoving && now - this.#textsAt < TEXT_MS) this.#invalidate();
    else {
      this.#textsAt = now;
      for (const panel of this.#texts) panel.update();
    }
    this.#writeAddressSoon();
  }

  #askWorker(now: number): void {
    const { session } = this;
    const want: Want = { event: session.event, field: session.tab, top: this.rows.top, rows: this.rows.count + 2, node: session.selectedNode };
    const key = JSON.stringify(want);
    if (key !== this.#wanted) {
      this.#wanted = key;
      this.#latestShown.want(this.rows.top === "tail" ? { ...want, rows: this.rows.count } : want);
    }
    const isDue = now - this.#detailsAt > (session.playing ? DETAILS_MS : TEXT_MS);
    if (!isDue && session.event !== this.#wantedEvent) this.#invalidate();
    if (session.event === this.#wantedEvent || !isDue) return;
    this.#wantedEvent = session.event;
    this.#detailsAt = now;
    this.#latestDetails.want(session.event);
  }

  #writeAddressSoon(): void {
    if (this.#addressTimer !== 0) return;
    this.#addressTimer = window.setTimeout(() => {
      this.#addressTimer = 0;
      const text = addressText(this.session.address);
      if (text === this.#address) return;
      this.#address = text;
      history.replaceState(null, "", `#${text}`);
    }, ADDRESS_MS);
  }

  /** Somebody has typed or followed a link to another moment of the same run. Our own address may stand there by now. */
  #followAddress(text: string): void {
    if (this.#isClosed || text === this.#address) return;
    this.#address = text;
    this.session.playing = false;
    this.session.visit(parseAddress(text));
  }
}
