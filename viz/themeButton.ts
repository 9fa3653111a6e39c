/** The button that goes from light to dark and back, on the pages that a command writes. */
import { h, icon } from "./dom.ts";
import { currentTheme, onThemeChange, toggleTheme } from "./theme.ts";

export function themeButton(): HTMLElement {
  const button = h("button", { type: "button", class: "icon-button", click: toggleTheme });
  const show = (): void => {
    const isDark = currentTheme() === "dark";
    button.replaceChildren(icon(isDark ? "sun" : "moon"));
    button.setAttribute("aria-label", isDark ? "Light" : "Dark");
  };
  onThemeChange(show);
  show();
  return button;
}
