/** Moments of virtual time as the viewer writes them: digits in threes, so that they stand still while time runs. */
import { formatCount } from "../../sim/explain/units.ts";

/** A moment in seconds with its milliseconds and microseconds apart: `5.012 345`. */
export function moment(ns: number): { seconds: string; millis: string; micros: string } {
  const whole = Math.max(0, Math.floor(ns));
  const pad = (value: number) => String(value).padStart(3, "0");
  return { seconds: String(Math.floor(whole / 1e9)), millis: pad(Math.floor(whole / 1e6) % 1000), micros: pad(Math.floor(whole / 1e3) % 1000) };
}

/** A moment as text, to the microsecond: `5.012345 s`. */
export function momentText(ns: number): string {
  const { seconds, millis, micros } = moment(ns);
  return `${seconds}.${millis}${micros} s`;
}

/** A tick of the time axis, with as many digits as ticks that far apart need. */
export function tickText(ns: number, stepNs: number): string {
  if (stepNs >= 1e9) return `${Math.round(ns / 1e9)} s`;
  if (stepNs >= 1e6) return `${(ns / 1e9).toFixed(Math.min(3, Math.ceil(9 - Math.log10(stepNs))))} s`;
  const [whole = "", fraction] = (ns / 1e6).toFixed(Math.min(6, Math.max(0, Math.ceil(6 - Math.log10(stepNs))))).split(".");
  return `${formatCount(Number(whole))}${fraction === undefined ? "" : `.${fraction}`} ms`;
}
