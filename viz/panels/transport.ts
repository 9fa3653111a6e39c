/** Play, step, speed, jumps, and where we are. */
import { formatCount } from "../../sim/explain/units.ts";
import { h, icon, iconButton, setAttribute, setText } from "../dom.ts";
import { moment } from "../model/clocktext.ts";
import type { Jump } from "../model/run.ts";
import type { Panel, View } from "../view.ts";

const jumps: readonly { readonly what: Jump; readonly title: string; readonly plural: string; readonly keys: readonly [string, string] }[] = [
  { what: "fault", title: "Fault", plural: "faults", keys: ["⇧←", "⇧→"] },
  { what: "violation", title: "Violation", plural: "violations", keys: ["V", "v"] },
  { what: "leader", title: "Leader", plural: "leader changes", keys: ["L", "l"] },
];

export function transportPanel(view: View): Panel {
  const { session, run } = view;
  const show = (target: number): void => {
    session.playing = false;
    session.goTo(target);
    session.keepInView();
  };
  const play = iconButton("play", "Play", "space", () => session.togglePlaying());
  play.classList.add("play");
  const clock = { seconds: h("span", { class: "clock-seconds" }), millis: h("span"), micros: h("span", { class: "clock-micros" }) };
  const event = h("span", { class: "event-number" });
  const sentence = h("p", { class: "now", "aria-live": "polite", "aria-atomic": "true" });
  const speed = h("output", { class: "speed-value", "aria-label": "Speed" });
  const scrub = h("input", {
    type: "range", class: "scrub", min: 0, max: run.count - 1, step: 1, "aria-label": "Current event",
    input: () => show(Number(scrub.value)),
  });
  const jumpButtons = jumps.map((jump) => jumpGroup(view, jump));
  const element = h(
    "section",
    { class: "transport", "aria-label": "Playback" },
    scrub,
    h("div", { class: "transport-row" },
      h("div", { class: "transport-steps", role: "group", "aria-label": "Play and step" },
        iconButton("toStart", "To the start", "home", () => show(0)),
        iconButton("stepBack", "One event back", "←", () => session.step(-1)),
        play,
        iconButton("stepForward", "One event forward", "→", () => session.step(1)),
        iconButton("toEnd", "To the end", "end", () => show(run.count - 1)),
      ),
      h("div", { class: "transport-where" },
        h("div", { class: "clock" }, clock.seconds, ".", clock.millis, clock.micros, h("span", { class: "unit" }, " s")),
        event,
      ),
      h("div", { class: "transport-jumps", role: "group", "aria-label": "Jump" }, ...jumpButtons.map((each) => each.element)),
      h("div", { class: "transport-speed", role: "group", "aria-label": "Speed" },
        iconButton("minus", "Slower", "<", () => session.faster(-1)),
        speed,
        iconButton("plus", "Faster", ">", () => session.faster(1)),
      ),
    ),
    sentence,
  );
  let shownEvent = -1;

  return {
    element,
    update() {
      const now = moment(session.timeNs);
      setText(clock.seconds, now.seconds);
      setText(clock.millis, now.millis);
      setText(clock.micros, now.micros);
      setText(event, `event ${formatCount(session.event)} of ${formatCount(run.count - 1)}`);
      setText(speed, speedText(session.speed));
      speed.title = `${speedText(session.speed)} of virtual time in a second: ${session.speed}×`;
      if (scrub !== document.activeElement || Number(scrub.value) !== session.event) scrub.value = String(session.event);
      scrub.style.setProperty("--share", `${((100 * session.event) / Math.max(1, run.count - 1)).toFixed(3)}%`);
      setAttribute(scrub, "aria-valuetext", `event ${session.event}`);
      setAttribute(play, "aria-label", session.playing ? "Pause" : "Play");
      play.classList.toggle("is-playing", session.playing);
      if (play.dataset["state"] !== String(session.playing)) {
        play.dataset["state"] = String(session.playing);
        play.replaceChildren(icon(session.playing ? "pause" : "play"));
      }
      for (const each of jumpButtons) each.update();
      // While time runs, sentences would only flicker.
      const { details } = view;
      if (!session.playing && details !== undefined && details.event.id !== shownEvent && details.event.id === session.event) {
        shownEvent = details.event.id;
        setText(sentence, details.sentence);
        sentence.title = details.sentence;
      }
    },
  };
}

function jumpGroup(view: View, { what, title, plural, keys }: (typeof jumps)[number]): { element: HTMLElement; update(): void } {
  const { session, run } = view;
  const all = run.jumpsTo(what);
  const back = iconButton("left", `Previous: ${title.toLowerCase()}`, keys[0], () => session.jump(what, -1));
  const forward = iconButton("right", `Next: ${title.toLowerCase()}`, keys[1], () => session.jump(what, 1));
  const count = h("span", { class: "jump-count" });
  const element = h("div", { class: `jump jump-${what}`, title: all.length === 0 ? `No ${plural} in this run` : `${all.length} ${plural}` }, back, h("span", { class: "jump-title" }, title), count, forward);
  return {
    element,
    update() {
      const passed = all.filter((event) => event <= session.event).length;
      setText(count, all.length === 0 ? "none" : `${passed}/${all.length}`);
      back.disabled = run.previous(what, session.event) < 0;
      forward.disabled = run.next(what, session.event) < 0;
      element.classList.toggle("is-empty", all.length === 0);
    },
  };
}

/** Virtual time that passes in a second: `2 ms/s`. */
export function speedText(speed: number): string {
  if (speed >= 1) return `${speed} s/s`;
  return speed >= 0.001 ? `${Number((speed * 1000).toPrecision(3))} ms/s` : `${Number((speed * 1e6).toPrecision(3))} µs/s`;
}
