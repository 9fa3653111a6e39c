/** The keyboard. Letters that stand for a place (WASD) go by the physical key, those that stand for a word by the letter. */
import type { Viewer } from "./viewer.ts";
import { showHistory } from "./panels/historyDialog.ts";
import { axisKinds } from "./model/axis.ts";
import { toggleTheme } from "./theme.ts";

export interface KeyActions {
  showHelp(): void;
  openFile(): void;
}

/** True where the key was one of ours. */
export function handleKey(event: KeyboardEvent, viewer: Viewer | undefined, actions: KeyActions): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return false;
  if (event.key === "?") return done(actions.showHelp());
  if (event.key === "o") return done(actions.openFile());
  if (event.key === "t") return done(toggleTheme());
  if (viewer === undefined) return false;
  return byKey(event, viewer) || byPlace(event, viewer);
}

function byKey(event: KeyboardEvent, viewer: Viewer): boolean {
  const { session, run } = viewer;
  const show = (target: number): void => {
    session.playing = false;
    session.goTo(target);
    session.keepInView();
  };
  switch (event.key) {
    case " ":
      return isButtonOfKeyboard(event.target) ? false : done(session.togglePlaying());
    case "ArrowRight":
      return done(event.shiftKey ? session.jump("fault", 1) : session.step(1));
    case "ArrowLeft":
      return done(event.shiftKey ? session.jump("fault", -1) : session.step(-1));
    case "Home":
      return done(show(0));
    case "End":
      return done(show(run.count - 1));
    case "h":
      return done(showHistory(viewer));
    case "v":
      return done(session.jump("violation", 1));
    case "V":
      return done(session.jump("violation", -1));
    case "l":
      return done(session.jump("leader", 1));
    case "L":
      return done(session.jump("leader", -1));
    case "c":
      return done(show(run.causes(session.event, 1)[0] ?? session.event));
    case "e":
      return done(show(run.effects(session.event)[0] ?? session.event));
    case "+":
    case "=":
      return done(session.zoom(1 / 1.6));
    case "-":
      return done(session.zoom(1.6));
    case "0":
      return done(session.setWindow(0, session.axis.length));
    case "<":
    case ",":
      return done(session.faster(-1));
    case ">":
    case ".":
      return done(session.faster(1));
    case "x":
      return done(session.setAxis(axisKinds[(axisKinds.indexOf(session.axis.kind) + 1) % axisKinds.length] ?? "time"));
    case "Escape":
      return session.selectedNode === undefined ? false : done(session.select(undefined));
  }
  const node = Number(event.key) - 1;
  if (!/^[1-9]$/.test(event.key) || node >= run.nodes.length) return false;
  return done(session.select(node));
}

function byPlace(event: KeyboardEvent, viewer: Viewer): boolean {
  const { session } = viewer;
  switch (event.code) {
    case "KeyW":
      return done(session.zoom(1 / 1.25));
    case "KeyS":
      return done(session.zoom(1.25));
    case "KeyA":
      return done(session.pan(-0.12));
    case "KeyD":
      return done(session.pan(0.12));
  }
  return false;
}

function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return target.type !== "range";
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

/** Space presses the button that the keyboard has reached; one that was clicked only lends its place to play and pause. */
function isButtonOfKeyboard(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement) || !target.matches("button, summary, [role=button]")) return false;
  if (target.matches(":focus-visible")) return true;
  target.blur();
  return false;
}

function done(_: unknown): true {
  return true;
}
