/*
 * Logarithms and the power to base 2 with the bits that Go's math package gives. `Math.log2` and `**` differ from it in
 * the last bit for every tenth argument, which shows where values become labels (count_values), are rounded or compared. Both
 * follow the algorithms of FreeBSD's msun (e_log.c, e_exp.c), whose constants these are.
 */

const LN2_HIGH = 6.9314718036912381649e-1;
const LN2_LOW = 1.90821492927058770002e-10;

/** Beyond these powers of two lie +Inf and 0. */
const EXP2_OVERFLOW = 1023.9999999999999;
const EXP2_UNDERFLOW = -1074;

const SMALLEST_NORMAL = 2 ** -1022;

const scratch = new Float64Array(1);
const words = new Uint32Array(scratch.buffer);

/**
 * The power of two that brings a number into [0.5, 1), by the biased exponent of the number. Exchanging the bits of the
 * exponent would take half as long again: a processor waits when it reads eight bytes of which four were just written.
 */
const INTO_FRACTION: Float64Array = Float64Array.from({ length: 2047 }, (_, biased) => 2 ** (1022 - biased));

export function log2(x: number): number {
  if (!(x > 0) || x === Infinity) return Math.log2(x);
  return x < SMALLEST_NORMAL ? log2OfNormal(x * 2 ** 64, 64) : log2OfNormal(x, 0);
}

/** The logarithm of x / 2 ** `tooHigh`. */
function log2OfNormal(x: number, tooHigh: number): number {
  scratch[0] = x;
  const biased = words[1]! >>> 20;
  const exponent = biased - 1022 - tooHigh;
  const fraction = x * INTO_FRACTION[biased]!;
  return fraction === 0.5 ? exponent - 1 : logOf(fraction, 0) * Math.LOG2E + exponent;
}

/**
 * The natural logarithm. That of denormals is wrong on purpose: Go's assembly for amd64, on which Prometheus mostly
 * runs, takes their leading zeros for a mantissa.
 */
export function log(x: number): number {
  if (!(x > 0) || x === Infinity) return Math.log(x);
  scratch[0] = x;
  const biased = words[1]! >>> 20;
  if (x >= SMALLEST_NORMAL) return logOf(x * INTO_FRACTION[biased]!, biased - 1022);
  words[1] = words[1]! | (1022 << 20);
  return logOf(scratch[0], -1022);
}

/** The logarithm to base 10; for 1e15 it is a little below 15, which floor() shows. */
export function log10(x: number): number {
  return log(x) * Math.LOG10E;
}

/** The natural logarithm of fraction · 2 ** exponent, with a fraction in [0.5, 1). */
function logOf(fraction: number, exponent: number): number {
  const isLow = fraction < Math.SQRT1_2;
  const k = isLow ? exponent - 1 : exponent;
  const f = (isLow ? fraction * 2 : fraction) - 1;
  const s = f / (2 + f);
  const s2 = s * s;
  const s4 = s2 * s2;
  const odd =
    s2 *
    (6.66666666666673513e-1 +
      s4 * (2.857142874366239149e-1 + s4 * (1.818357216161805012e-1 + s4 * 1.4798198605106586e-1)));
  const even = s4 * (3.999999999940941908e-1 + s4 * (2.222219843214978396e-1 + s4 * 1.531383769920937332e-1));
  const half = 0.5 * f * f;
  return k * LN2_HIGH - (half - (s * (half + (odd + even)) + k * LN2_LOW) - f);
}

export function exp2(x: number): number {
  if (Number.isNaN(x) || x > EXP2_OVERFLOW) return x + Infinity;
  if (x < EXP2_UNDERFLOW) return 0;
  const whole = Math.trunc(x + (x < 0 ? -0.5 : 0.5));
  const rest = x - whole;
  const high = rest * LN2_HIGH;
  const low = -rest * LN2_LOW;
  const r = high - low;
  const t = r * r;
  const c =
    r -
    t *
      (1.66666666666666657415e-1 +
        t *
          (-2.77777777770155933842e-3 +
            t *
              (6.61375632143793436117e-5 + t * (-1.6533902205465251539e-6 + t * 4.13813679705723846039e-8))));
  return ldexp(1 - (low - (r * c) / (2 - c) - high), whole);
}

/** fraction × 2^exponent, rounded once: the power alone may lie outside of float64's range where the product does not. */
export function ldexp(fraction: number, exponent: number): number {
  if (exponent > 1023) return fraction * 2 * 2 ** (exponent - 1);
  if (exponent < -1021) return fraction * 2 ** (exponent + 60) * 2 ** -60;
  return fraction * 2 ** exponent;
}
