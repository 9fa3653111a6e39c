/**
 * The events around the current one, a line each: the canvas in words, for everybody, and for those whose screen reader
 * reads it. It holds some lines before and after; the arrow keys move through the rest.
 */
import { h, setAttribute, setText } from "../dom.ts";
import { momentText } from "../model/clocktext.ts";
import { Latest } from "../model/latest.ts";
import type { Trouble } from "../model/story.ts";
import type { Panel, View } from "../view.ts";

const LINE = 22;
const LINES_UP_TO = 60;

interface Line {
  readonly element: HTMLButtonElement;
  readonly time: HTMLElement;
  readonly sentence: HTMLElement;
  event: number;
}

function troubleClass(troubles: readonly Trouble[]): string {
  if (troubles.length === 0) return "";
  return troubles.every((trouble) => trouble.expected) ? " is-trouble is-expected" : " is-trouble";
}

export function transcriptPanel(view: View): Panel {
  return new TranscriptPanel(view);
}

class TranscriptPanel implements Panel {
  readonly element: HTMLElement;
  readonly #view: View;
  readonly #list = h("div", { class: "transcript-list", role: "list", "aria-label": "Events around the current one" });
  readonly #lines: Line[] = [];
  readonly #sentences = new Map<number, string>();
  readonly #latest: Latest<readonly number[], readonly string[]>;
  #count = 10;

  constructor(view: View) {
    this.#view = view;
    this.element = h("section", { class: "panel transcript", "aria-label": "Transcript" }, h("div", { class: "panel-head" }, h("h2", {}, "Transcript")), this.#list);
    this.#latest = new Latest((events) => view.link.sentences(events), (sentences, events) => {
      if (this.#sentences.size > 4000) this.#sentences.clear();
      sentences.forEach((sentence, at) => this.#sentences.set(events[at] as number, sentence));
      view.session.onChange();
    });
    this.#list.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
  }

  resize(): void {
    this.#count = Math.min(LINES_UP_TO, Math.max(3, Math.floor(this.#list.clientHeight / LINE)));
  }

  update(): void {
    const { run, session } = this.#view;
    const before = Math.floor((this.#count - 1) / 2);
    const first = Math.max(0, Math.min(session.event - before, run.count - this.#count));
    const missing: number[] = [];
    for (let at = 0; at < this.#count; at += 1) {
      const event = first + at;
      const line = this.#line(at);
      line.element.hidden = event >= run.count;
      if (event >= run.count) continue;
      line.event = event;
      const sentence = this.#sentences.get(event);
      if (sentence === undefined) missing.push(event);
      const isNow = event === session.event;
      setAttribute(line.element, "class", `transcript-line${isNow ? " is-now" : event > session.event ? " is-later" : ""}${troubleClass(run.troublesAt(event))}${run.columns.cause[session.event] === event || run.columns.cause[event] === session.event ? " is-linked" : ""}`);
      setAttribute(line.element, "aria-current", isNow ? "true" : undefined);
      setText(line.time, momentText(run.timeOf(event)));
      setText(line.sentence, sentence ?? `${run.endpoints[run.nodeOf(event)] ?? ""} ${run.kindOf(event)} ${run.nameOf(event)}`);
    }
    for (let at = this.#count; at < this.#lines.length; at += 1) (this.#lines[at] as Line).element.hidden = true;
    if (missing.length > 0) this.#latest.want(missing);
  }

  #line(at: number): Line {
    const known = this.#lines[at];
    if (known !== undefined) return known;
    const time = h("span", { class: "transcript-time" });
    const sentence = h("span", { class: "transcript-sentence" });
    const line: Line = { element: h("button", { type: "button", class: "transcript-line", tabindex: -1 }, time, sentence), time, sentence, event: 0 };
    line.element.addEventListener("click", () => {
      this.#view.session.playing = false;
      this.#view.session.goTo(line.event);
      this.#view.session.keepInView();
    });
    this.#lines.push(line);
    this.#list.append(h("div", { role: "listitem" }, line.element));
    return line;
  }

  /** The wheel goes through the events, so that the current one stays in the middle. */
  #wheel(event: WheelEvent): void {
    event.preventDefault();
    const { session } = this.#view;
    session.playing = false;
    session.goTo(session.event + Math.sign(event.deltaY) * Math.max(1, Math.round(Math.abs(event.deltaY) / 40)));
    session.keepInView();
  }
}
