// Each text fits these in one way only: else what does not end well takes quadratic time.
const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const HEX = /^([+-]?)0x([\da-f]*)(?:\.([\da-f]*))?p([+-]?\d+)$/i;
const NAMED = /^(?:[+-]?inf(?:inity)?|nan)$/i;
const MISPLACED_UNDERSCORE = /(?<!\d)_|_(?!\d)/;
const MISPLACED_HEX_UNDERSCORE = /(?<![\dxa-f])_|_(?![\da-f])/i;

/**
 * Reads a float as Go's `strconv.ParseFloat` does, which decides what Prometheus takes for a number of seconds or for
 * the bound of a bucket: decimal, hexadecimal with a binary exponent, `Inf` and `NaN`, and `_` between digits.
 * Undefined where it is none, or too large for a float64.
 */
export function parseGoFloat(text: string): number | undefined {
  if (NAMED.test(text)) return namedFloat(text);
  const isHex = /^[+-]?0x/i.test(text);
  if ((isHex ? MISPLACED_HEX_UNDERSCORE : MISPLACED_UNDERSCORE).test(text)) return undefined;
  const digits = text.replaceAll('_', '');
  const hex = isHex ? HEX.exec(digits) : null;
  if (hex !== null) return finite(hexFloat(hex));
  return DECIMAL.test(digits) ? finite(Number(digits)) : undefined;
}

function namedFloat(text: string): number {
  if (/nan/i.test(text)) return Number.NaN;
  return text.startsWith('-') ? -Infinity : Infinity;
}

/** Hexadecimal numbers of more than 53 bits are rounded twice; they do not occur in practice. */
function hexFloat([, sign, whole = '', fraction = '', exponent]: RegExpExecArray): number | undefined {
  if (whole === '' && fraction === '') return undefined;
  const mantissa = Number(`0x${whole}${fraction}`) * 2 ** (Number(exponent) - 4 * fraction.length);
  return sign === '-' ? -mantissa : mantissa;
}

function finite(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}
