import { type Call, plainModel, same } from "./plain.ts";

type Values = { readonly [key: string]: unknown };

/** `["r", key, value]` or `["w", key, value]` */
type Step = readonly [f: string, key: string | number, value: unknown];

/** Registers that are read and written together, in one instant: `txn` takes a list of reads and writes. */
export const multiRegister = plainModel<Values>({
  name: "multi-register",
  summary: "registers, null at first, read and written together: txn [[\"r\", key, value], [\"w\", key, value]]",
  initial: {},
  changes: { txn: apply },
  looks: {},
  whole: true,
  misfit: ({ input, output, known }) => (isSteps(input) && (!known || (isSteps(output) && output.length === input.length)) ? undefined : 'txn takes and returns a list of ["r", key, value] and ["w", key, value]'),
});

function apply(values: Values, { input, output, known }: Call): Values | undefined {
  let next = values;
  const steps = (known ? output : input) as readonly Step[];
  for (const [f, key, value] of steps) {
    if (f === "w") next = { ...next, [key]: value };
    else if (known && !same(next[key] ?? null, value ?? null)) return undefined;
  }
  return next;
}

function isSteps(value: unknown): value is readonly Step[] {
  const isStep = (step: unknown): boolean => Array.isArray(step) && (step[0] === "r" || step[0] === "w") && (typeof step[1] === "string" || typeof step[1] === "number");
  return Array.isArray(value) && value.every(isStep);
}
