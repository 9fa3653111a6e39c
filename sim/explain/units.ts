/** Numbers as people read them. Nothing here depends on the machine's language. */

const NS_PER_S = 1_000_000_000;
const NS_PER_MINUTE = 60 * NS_PER_S;

/** What stands where nothing was measured. */
export const NOTHING = "–";

/**
 * A moment in nanoseconds, exactly: `7.301992s`, `412ms`, `20s`. No digit is lost, so that two events at different times
 * never read alike.
 */
export function formatTime(ns: number): string {
  if (ns < 0) return `-${formatTime(-ns)}`;
  if (ns === 0) return "0s";
  if (ns >= NS_PER_S) return `${exactly(ns, 9)}s`;
  if (ns >= 1_000_000) return `${exactly(ns, 6)}ms`;
  return ns >= 1_000 ? `${exactly(ns, 3)}us` : `${ns}ns`;
}

/** A whole number divided by 10^digits, without rounding and without zeros at its end. */
function exactly(whole: number, digits: number): string {
  const scale = 10 ** digits;
  const fraction = String(whole % scale).padStart(digits, "0").replace(/0+$/, "");
  const integer = String(Math.floor(whole / scale));
  return fraction === "" ? integer : `${integer}.${fraction}`;
}

/** A length of time in nanoseconds, to three digits: `3.14ms`, `412ms`, `7.3s`, `1m30s`, `2h5m`. */
export function formatDuration(ns: number): string {
  if (ns < 0) return `-${formatDuration(-ns)}`;
  if (ns === 0) return "0s";
  // Rounding may carry into the next unit: 999.7us is 1ms, and 59.96s is 1m.
  if (ns < 999.5) return `${threeDigits(ns)}ns`;
  if (ns < 999_500) return `${threeDigits(ns / 1_000)}us`;
  if (ns < 999_500_000) return `${threeDigits(ns / 1_000_000)}ms`;
  if (ns < 59.95 * NS_PER_S) return `${threeDigits(ns / NS_PER_S)}s`;
  const seconds = Math.round(ns / NS_PER_S);
  if (seconds < 3600) return inTwo(seconds, 60, "m", "s");
  return inTwo(Math.round(ns / NS_PER_MINUTE), 60, "h", "m");
}

function inTwo(count: number, size: number, large: string, small: string): string {
  const rest = count % size;
  return `${Math.floor(count / size)}${large}${rest === 0 ? "" : `${rest}${small}`}`;
}

/** Three digits that count, without zeros at the end; whole numbers above a thousand keep theirs. */
function threeDigits(value: number): string {
  if (value >= 999.5) return formatCount(Math.round(value));
  return String(Number(value.toPrecision(3)));
}

/** A whole number with its thousands apart: `184,023`. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `310B`, `1.28KiB`, `4MiB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = "B";
  for (const larger of ["KiB", "MiB", "GiB", "TiB"]) {
    if (value < 1023.5) break;
    value /= 1024;
    unit = larger;
  }
  return `${threeDigits(value)}${unit}`;
}

/** A share from 0 to 1: `98.7%`. It reads as 0% or 100% only where it is exactly that. */
export function formatRatio(share: number): string {
  if (share === 0 || share === 1) return `${share * 100}%`;
  for (let digits = 1; digits < 12; digits += 1) {
    const text = (share * 100).toFixed(digits);
    if (Number(text) !== 100 && Number(text) !== 0) return `${Number(text)}%`;
  }
  return `${share * 100}%`;
}

const signs: { readonly [currency: string]: string } = { USD: "$", EUR: "€", GBP: "£", JPY: "¥", INR: "₹" };

/** Money: `$2.41`, `$1,204.00`, `12.50 CHF`; below one, three digits that count: `$0.00412`. Without a currency, the number. */
export function formatMoney(amount: number, currency = ""): string {
  if (amount < 0) return `-${formatMoney(-amount, currency)}`;
  const text = amount >= 0.995 ? amount.toFixed(2) : smallMoney(amount);
  const [whole, cents] = text.split(".") as [string, string?];
  const number = `${formatCount(Number(whole))}${cents === undefined ? "" : `.${cents}`}`;
  const sign = signs[currency];
  if (sign !== undefined) return `${sign}${number}`;
  return currency === "" ? number : `${number} ${currency}`;
}

function smallMoney(amount: number): string {
  if (amount === 0) return "0";
  const digits = Math.min(12, Math.max(2, 2 - Math.floor(Math.log10(amount))));
  return amount.toFixed(digits).replace(/(\.\d\d\d*?)0+$/, "$1");
}

/** The value of a metric in its unit: durations are nanoseconds, ratios go from 0 to 1, money is in the currency given. */
export function formatMetric(value: number | null, unit: "count" | "ratio" | "duration" | "bytes" | "money" | "number", currency?: string): string {
  if (value === null) return NOTHING;
  switch (unit) {
    case "count":
      return formatCount(value);
    case "ratio":
      return formatRatio(value);
    case "duration":
      return formatDuration(value);
    case "bytes":
      return formatBytes(value);
    case "money":
      return formatMoney(value, currency);
    case "number":
      return threeDigits(value);
  }
}
