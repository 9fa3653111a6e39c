/** Light or dark, and the tokens as colours that a canvas understands. */

export type Theme = "light" | "dark";
const STORED = "splitbrain.theme";

let listeners: (() => void)[] = [];
let resolved = new Map<string, string>();
let family: string | undefined;
let probe: HTMLElement | undefined;

export function currentTheme(): Theme {
  const chosen = document.documentElement.dataset["theme"];
  if (chosen === "light" || chosen === "dark") return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

export function toggleTheme(): void {
  const theme: Theme = currentTheme() === "dark" ? "light" : "dark";
  document.documentElement.dataset["theme"] = theme;
  try {
    localStorage.setItem(STORED, theme);
  } catch {
    // A page without storage forgets it; that is all.
  }
  themeChanged();
}

export function onThemeChange(listener: () => void): void {
  listeners = [...listeners, listener];
}

/** The colour behind a token, `--ink`, in the present theme. */
export function color(token: string): string {
  const known = resolved.get(token);
  if (known !== undefined) return known;
  // A custom property gives back its text; only a real property gives the colour of the present theme.
  probe ??= document.body.appendChild(Object.assign(document.createElement("span"), { hidden: true }));
  probe.style.color = `var(${token})`;
  const value = getComputedStyle(probe).color;
  resolved.set(token, value);
  return value;
}

/** A font for a canvas. The family is asked for once: asking makes the browser compute all styles. */
export function font(size: number, weight = 400): string {
  family ??= getComputedStyle(document.documentElement).getPropertyValue("--sans");
  return `${weight} ${size}px ${family}`;
}

function themeChanged(): void {
  resolved = new Map();
  for (const listener of listeners) listener();
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", themeChanged);
matchMedia("(prefers-contrast: more)").addEventListener("change", themeChanged);
