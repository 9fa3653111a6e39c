/** A few words about what is pointed at. */
import { h, setText } from "../../dom.ts";
import { momentText } from "../../model/clocktext.ts";
import type { View } from "../../view.ts";

export class Tooltip {
  readonly element = h("div", { class: "tooltip", role: "presentation", hidden: true });
  readonly #view: View;
  readonly #sentence = h("p", { class: "tooltip-sentence" });
  readonly #facts = h("p", { class: "tooltip-facts" });
  #event: number | undefined;

  constructor(view: View) {
    this.#view = view;
    this.element.append(this.#sentence, this.#facts);
  }

  show(event: number | undefined, x: number, y: number, width: number): void {
    this.element.hidden = event === undefined;
    if (event === undefined) {
      this.#event = undefined;
      return;
    }
    const isLeft = x > width - 300;
    this.element.style.transform = `translate(${Math.round(isLeft ? x - 14 : x + 14)}px, ${Math.round(y + 16)}px)${isLeft ? " translateX(-100%)" : ""}`;
    if (event === this.#event) return;
    this.#event = event;
    const { run, link } = this.#view;
    const troubles = run.troublesAt(event).map((trouble) => `${trouble.title}: ${trouble.message}`);
    setText(this.#facts, `${momentText(run.timeOf(event))}  ·  event ${event}`);
    setText(this.#sentence, troubles[0] ?? `${run.endpoints[run.nodeOf(event)] ?? ""} ${run.kindOf(event)} ${run.nameOf(event)}`);
    if (troubles.length > 0) return;
    void link.sentences([event]).then(([sentence = ""]) => {
      if (this.#event === event) setText(this.#sentence, sentence);
    });
  }
}
