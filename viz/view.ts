/** What every panel works on. */
import type { Link } from "./model/link.ts";
import type { Palette } from "./model/palette.ts";
import type { Run } from "./model/run.ts";
import type { Session } from "./model/session.ts";
import type { Details, Shown } from "./model/wire.ts";

export interface View {
  readonly run: Run;
  readonly session: Session;
  readonly palette: Palette;
  readonly link: Link;
  /** What the nodes show at the current event, or a moment ago: the worker answers a little later. */
  readonly shown: Shown | undefined;
  readonly details: Details | undefined;
  /** The rows of the state panel that are in view. */
  rows: { top: number | "tail"; count: number };
}

export interface Panel {
  readonly element: HTMLElement;
  /** Called once a frame in which anything may have changed; compares for itself. */
  update(): void;
  /** The theme has changed, or the panel's size. */
  resize?(): void;
}
