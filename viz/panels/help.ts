/** The keys, in an overlay. */
import { h } from "../dom.ts";

const groups: readonly { readonly title: string; readonly keys: readonly (readonly [keys: string, what: string])[] }[] = [
  {
    title: "Time",
    keys: [
      ["space", "play, pause"],
      ["← →", "one event back, forward"],
      ["⇧← ⇧→", "previous, next fault or restart"],
      ["v ⇧V", "next, previous violation"],
      ["l ⇧L", "next, previous change of leader"],
      ["home end", "first, last event"],
      ["< >", "slower, faster"],
    ],
  },
  {
    title: "Timeline",
    keys: [
      ["w s", "zoom in, out"],
      ["a d", "pan left, right"],
      ["+ −", "zoom in, out"],
      ["0", "the whole run"],
      ["x", "by time, by order, gaps squeezed"],
      ["click", "go to an event, or a moment"],
      ["drag wheel", "pan, zoom"],
    ],
  },
  {
    title: "Page",
    keys: [
      ["1 – 9", "inspect a node"],
      ["esc", "back to the event"],
      ["c", "go to the cause"],
      ["e", "go to the first effect"],
      ["h", "what the clients saw"],
      ["t", "light, dark"],
      ["o", "open a trace"],
      ["?", "this help"],
    ],
  },
];

export function helpDialog(): HTMLDialogElement {
  const close = h("button", { type: "button", class: "text-button" }, "Close");
  const dialog = h(
    "dialog",
    { class: "help", "aria-label": "Keys" },
    h("div", { class: "help-head" }, h("h2", {}, "Keys"), close),
    h("div", { class: "help-groups" },
      ...groups.map((group) =>
        h("section", {}, h("h3", {}, group.title), h("dl", {}, ...group.keys.flatMap(([keys, what]) => [h("dt", {}, ...keys.split(" ").map((key) => h("kbd", {}, key))), h("dd", {}, what)]))),
      ),
    ),
    h("p", { class: "hint" }, "WASD go by where the keys are, so they work on every layout. The address of the page holds the moment, the selection and the window: a link to it opens the same view."),
  );
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  return dialog;
}
