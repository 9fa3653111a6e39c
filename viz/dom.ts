/** Elements in one line each. */

type Attributes = { readonly [name: string]: string | number | boolean | undefined | ((event: any) => void) };
type Child = Node | string | undefined | false;

/** An element. Attributes that are functions listen; those that are undefined or false are left out. */
export function h<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, attributes: Attributes = {}, ...children: Child[]): HTMLElementTagNameMap[Tag] {
  return filled(document.createElement(tag), attributes, children);
}

/** The same, of SVG. */
export function s<Tag extends keyof SVGElementTagNameMap>(tag: Tag, attributes: Attributes = {}, ...children: Child[]): SVGElementTagNameMap[Tag] {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", tag) as SVGElementTagNameMap[Tag], attributes, children);
}

function filled<E extends Element>(element: E, attributes: Attributes, children: readonly Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) if (child !== undefined && child !== false) element.append(child);
  return element;
}

/** Sets a text only where it differs: writing the same text again would make the browser lay it out again. */
export function setText(element: Element, text: string): void {
  const first = element.firstChild;
  if (first instanceof Text && first === element.lastChild) {
    if (first.data !== text) first.data = text;
  } else if (first !== null || text !== "") element.textContent = text;
}

export function setAttribute(element: Element, name: string, value: string | undefined): void {
  if (value === undefined) element.removeAttribute(name);
  else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/** Line icons of 16 by 16, drawn with the ink of the text around them. */
const icons = {
  play: "M5 3.2v9.6L13 8z",
  pause: "M4.5 3h2.6v10H4.5zM8.9 3h2.6v10H8.9z",
  stepForward: "M3.5 3.5v9L10 8zM11 3.5h1.7v9H11z",
  stepBack: "M12.5 3.5v9L6 8zM3.3 3.5H5v9H3.3z",
  toStart: "M13 3.5v9L7.8 8zM8 3.5v9L2.8 8z",
  toEnd: "M3 3.5v9L8.2 8zM8 3.5v9L13.2 8z",
  sun: "M8 4.8a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4zM7.4 1h1.2v2H7.4zm0 12h1.2v2H7.4zM1 7.4h2v1.2H1zm12 0h2v1.2h-2zM2.6 3.4l.85-.85 1.4 1.4-.85.85zm8.55 8.55.85-.85 1.4 1.4-.85.85zM2.6 12.6l1.4-1.4.85.85-1.4 1.4zm8.55-8.55 1.4-1.4.85.85-1.4 1.4z",
  moon: "M13.4 10.2A5.9 5.9 0 0 1 5.8 2.6a5.9 5.9 0 1 0 7.6 7.6z",
  folder: "M1.8 3.2h4.4l1.4 1.6h6.6v8H1.8zm1.2 1.2v7.2h10V6H7l-1.4-1.6z",
  save: "M7.4 2h1.2v6.2l2-2 .85.85L8 10.5 4.55 7.05l.85-.85 2 2zM3 11.5h1.2v1.8h7.6v-1.8H13v3H3z",
  rows: "M2 3h6v2H2zm4 4h8v2H6zm-3 4h7v2H3z",
  plus: "M7.4 3h1.2v4.4H13v1.2H8.6V13H7.4V8.6H3V7.4h4.4z",
  minus: "M3 7.4h10v1.2H3z",
  fit: "M2 7.4h2.2L3 6.2l.8-.8L6.4 8l-2.6 2.6-.8-.8 1.2-1.2H2zm12 0h-2.2L13 6.2l-.8-.8L9.6 8l2.6 2.6.8-.8-1.2-1.2H14zM7.4 3h1.2v10H7.4z",
  left: "M10 3.2 5.2 8l4.8 4.8.9-.9L7 8l3.9-3.9z",
  right: "m6 3.2 4.8 4.8L6 12.8l-.9-.9L9 8 5.1 4.1z",
  check: "m3 8.4 1-1 2.6 2.6L12.2 4l1 1-6.6 7z",
  cross: "m4 3 4 4 4-4 1 1-4 4 4 4-1 1-4-4-4 4-1-1 4-4-4-4z",
  question: "M6.8 9.4c0-1.9 2-2.1 2-3.5 0-.7-.5-1.1-1.2-1.1-.8 0-1.3.5-1.4 1.3L4.7 6c.2-1.6 1.3-2.5 2.9-2.5 1.7 0 2.8.9 2.8 2.3 0 1.9-2.1 2.1-2.1 3.6zm-.1 1.3h1.7v1.7H6.7z",
} as const;
export type IconName = keyof typeof icons;

export function icon(name: IconName): SVGSVGElement {
  return s("svg", { viewBox: "0 0 16 16", width: 16, height: 16, fill: "currentColor", "aria-hidden": "true", class: "icon" }, s("path", { d: icons[name] }));
}

/** A button that shows an icon; its name is for people who do not see it, and a tooltip with its key. */
export function iconButton(name: IconName, label: string, key: string, click: () => void): HTMLButtonElement {
  return h("button", { type: "button", class: "icon-button", "aria-label": label, title: key === "" ? label : `${label} (${key})`, click }, icon(name));
}
