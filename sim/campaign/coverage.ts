import type { TraceEvent, TraceSink } from "../trace/event.ts";

/** What one run came by. */
export class Coverage implements TraceSink {
  readonly takesAnnotations = false;
  readonly #faults = new Map<string, number>();
  readonly #moments = new Set<string>();

  event(event: TraceEvent): void {
    if (event.kind === "emit") this.#moments.add(`emit ${event.name}`);
    if (event.kind !== "fault" || (event.data as { readonly did?: boolean } | null)?.did === false) return;
    this.#faults.set(event.name, (this.#faults.get(event.name) ?? 0) + 1);
  }

  /** How often each kind of fault struck somebody. */
  get faults(): { [kind: string]: number } {
    return Object.fromEntries([...this.#faults].sort());
  }

  get covered(): string[] {
    return [...this.#moments].sort();
  }
}
