/**
 * Elementary functions in pure arithmetic. An engine may round `Math.log` or `Math.exp` as it likes, and a run must be
 * the same everywhere; here stand only + - * /, Math.sqrt, Math.floor, Math.abs and access to a number's bits, which
 * IEEE 754 and ECMAScript fix to the last bit.
 */

// ln 2 in two parts. The first has 32 significant bits, so that its product with an exponent (11 bits) is exact.
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const INVERSE_LN2 = 1.4426950408889634;
const SMALLEST_NORMAL = 2.2250738585072014e-308;
const TWO_54 = 18014398509481984;

// One number, and its bits as two words, of which the high one holds sign and exponent.
const number = new Float64Array(1);
const words = new Uint32Array(number.buffer);
const HIGH = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;

/** 2 to a whole power from -1022 to 1023, exactly. `**` is rounded as Math.pow is: as the engine likes. */
export function powerOfTwo(exponent: number): number {
  words[HIGH] = (exponent + 1023) << 20;
  words[1 - HIGH] = 0;
  return number[0] as number;
}

/**
 * The natural logarithm, to within 1 unit in the last place. ln 0 is -Infinity; NaN below.
 *
 * x = 2^k × m with m from √½ to √2, and ln m = 2 artanh(s) where s = (m - 1) / (m + 1), by its series.
 */
export function ln(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  let exponent = -1023;
  if (x < SMALLEST_NORMAL) {
    x *= TWO_54;
    exponent -= 54;
  }
  number[0] = x;
  exponent += words[HIGH]! >>> 20;
  words[HIGH] = (words[HIGH]! & 0x000fffff) | 0x3ff00000;
  let m = number[0];
  if (m > 1.4142135623730951) {
    m /= 2;
    exponent += 1;
  }
  // With f = m - 1, which is exact, 2s = f - s × f: so the error of the division weighs little.
  const f = m - 1;
  const s = f / (2 + f);
  return exponent * LN2_HIGH + (f - (s * (f - 2 * artanhTail(s * s)) - exponent * LN2_LOW));
}

/** artanh(s) / s - 1 by s², for s² up to 0.0295: z/3 + z²/5 + …; the first term left out is below 2^-57. */
function artanhTail(z: number): number {
  return z * (1 / 3 + z * (1 / 5 + z * (1 / 7 + z * (1 / 9 + z * (1 / 11 + z * (1 / 13 + z * (1 / 15 + z * (1 / 17 + z * (1 / 19 + z / 21)))))))));
}

/**
 * e to the power of x, to within 1 unit in the last place, also where the result is subnormal.
 *
 * x = k ln 2 + r with |r| up to ½ ln 2, and e^r by its series.
 */
export function exp(x: number): number {
  if (x > 709.782712893384) return Infinity;
  if (x < -745.1332191019411) return 0;
  const k = Math.floor(x * INVERSE_LN2 + 0.5);
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  const y = 1 + (high - (low - r * r * expTail(r)));
  // 2^k may lie outside the normal numbers where y × 2^k does not, and a subnormal result must be rounded only once.
  if (k > 1023) return y * 2 * powerOfTwo(k - 1);
  if (k < -1022) return (y * powerOfTwo(k + 54)) / TWO_54;
  return y * powerOfTwo(k);
}

/** (e^r - 1 - r) / r² for |r| up to 0.347: 1/2! + r/3! + …; the first term left out is below 2^-57. */
function expTail(r: number): number {
  const tail = 1 / 3628800 + r * (1 / 39916800 + r * (1 / 479001600 + r * (1 / 6227020800 + r / 87178291200)));
  const middle = 1 / 720 + r * (1 / 5040 + r * (1 / 40320 + r * (1 / 362880 + r * tail)));
  return 1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r * middle)));
}

/**
 * x to the power of y for x from 0, as e^(y ln x); NaN for negative x. The relative error is up to
 * (4 + 2 |y ln x|) × 2^-53: some digits are lost where the result is very large or very small.
 */
export function pow(x: number, y: number): number {
  return y === 0 ? 1 : exp(y * ln(x));
}

/**
 * The number that a standard normal variable stays below with probability p, to about 1 part in 10^15. -Infinity and
 * Infinity at 0 and 1, NaN outside.
 *
 * Wichura 1988, "Algorithm AS 241: The Percentage Points of the Normal Distribution", Applied Statistics 37(3), PPND16:
 * a quotient of two polynomials of degree 7, one for the middle and two for the tails.
 */
export function inverseNormal(p: number): number {
  if (!(p > 0 && p < 1)) return p === 0 ? -Infinity : p === 1 ? Infinity : NaN;
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return q * middleQuotient(0.180625 - q * q);
  const r = Math.sqrt(-ln(q < 0 ? p : 1 - p));
  const size = r <= 5 ? tailQuotient(r - 1.6) : farTailQuotient(r - 5);
  return q < 0 ? -size : size;
}

function middleQuotient(r: number): number {
  return (
    (((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r + 45921.953931549871457) * r + 13731.693765509461125) * r + 1971.5909503065514427) * r + 133.14166789178437745) * r + 3.387132872796366608) /
    (((((((5226.495278852854561 * r + 28729.085735721942674) * r + 39307.89580009271061) * r + 21213.794301586595867) * r + 5394.1960214247511077) * r + 687.1870074920579083) * r + 42.313330701600911252) * r + 1)
  );
}

function tailQuotient(r: number): number {
  return (
    (((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r + 1.27045825245236838258) * r + 3.64784832476320460504) * r + 5.7694972214606914055) * r + 4.6303378461565452959) * r + 1.42343711074968357734) /
    (((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r + 0.14810397642748007459) * r + 0.68976733498510000455) * r + 1.6763848301838038494) * r + 2.05319162663775882187) * r + 1)
  );
}

function farTailQuotient(r: number): number {
  return (
    (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r + 0.026532189526576123093) * r + 0.29656057182850489123) * r + 1.7848265399172913358) * r + 5.4637849111641143699) * r + 6.6579046435011037772) /
    (((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r + 7.868691311456132591e-4) * r + 0.0148753612908506148525) * r + 0.13692988092273580531) * r + 0.59983220655588793769) * r + 1)
  );
}
