/** What the clients saw, over the page: the picture of the history, from which one goes back to a moment of the run. */
import { h } from "../dom.ts";
import type { HistoryData } from "../history/data.ts";
import { HistoryPicture } from "../history/picture.ts";
import type { View } from "../view.ts";

/** Asks the worker, which judges the history anew, and opens the dialog with what it says. */
export function showHistory(view: View): void {
  const close = h("button", { type: "button", class: "text-button" }, "Close");
  const body = h("div", { class: "history-dialog-body" }, h("p", { class: "hint" }, "The history is being judged …"));
  const dialog = h("dialog", { class: "history-dialog", "aria-label": "What the clients saw" }, h("div", { class: "help-head" }, h("h2", {}, "What the clients saw"), close), body);
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  // The page's own keys must not move the run behind the dialog.
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
  document.body.append(dialog);
  dialog.showModal();
  void view.link.history().then((history) => fill(dialog, body, history, view));
}

function fill(dialog: HTMLDialogElement, body: HTMLElement, history: HistoryData | string, { session }: View): void {
  if (typeof history === "string") return body.replaceChildren(h("p", { class: "hint" }, history));
  const picture = new HistoryPicture(history, (operation) => {
    dialog.close();
    session.playing = false;
    session.goTo(history.operations[operation]!.event);
    session.keepInView();
  });
  body.replaceChildren(
    h("p", { class: "history-verdict" }, h("span", { class: `chip is-${history.verdict}` }, history.verdict), ` ${history.facts.join(" · ")}`),
    h("p", {}, history.detail),
    picture.element,
    h("p", { class: "hint" }, "Enter or a double click goes to an operation's end in the replay. Arrow keys walk, n goes on to the next of those that refute it, / finds, + − 0 zoom, x changes the axis."),
  );
  picture.start();
  picture.element.querySelector<HTMLElement>(".history-field")?.focus();
}
