/** The cells of an experiment, and the order in which they are run. */
import type { Override } from "../../scenario/overrides.ts";
import type { Axis } from "../../scenario/scenario.ts";
import type { Job, Outcome } from "../job.ts";
import { seedAt, type Steering } from "../steering.ts";

/** One combination of settings. */
export interface SweepCell {
  /** By path, what the file calls each value. */
  readonly settings: { readonly [path: string]: string };
  readonly overrides: readonly Override[];
}

/** Every combination: the last axis changes fastest. Without axes there is one cell, the scenario as it is. */
export function cellsOf(axes: readonly Axis[]): SweepCell[] {
  return axes.reduce<SweepCell[]>(
    (cells, { path, values }) =>
      cells.flatMap(({ settings, overrides }) =>
        values.map(({ label, text }) => ({ settings: { ...settings, [path]: label }, overrides: [...overrides, { path, value: text }] })),
      ),
    [{ settings: {}, overrides: [] }],
  );
}

/** So many runs may be under way before the first of them has been counted. */
const AHEAD = 16_384;

/**
 * The jobs of a matrix. All cells are run under the same seeds, so that what differs between them is not luck (common
 * random numbers); and seed by seed, so that what has been done is a fair share of every cell, wherever it was interrupted.
 */
export function matrixSteering(cells: readonly SweepCell[], firstSeed: number, onOutcome: (outcome: Outcome, cell: number, seed: number) => void): Steering {
  const jobAt = (index: number): Job => {
    const { overrides } = cells[index % cells.length] as SweepCell;
    return { index, seed: seedAt(firstSeed, Math.floor(index / cells.length)), overrides };
  };
  return {
    batch: 1,
    ahead: AHEAD,
    jobs: (first, count) => Array.from({ length: count }, (_, at) => jobAt(first + at)),
    learn(outcomes) {
      for (const outcome of outcomes) onOutcome(outcome, outcome.index % cells.length, Math.floor(outcome.index / cells.length));
    },
  };
}
