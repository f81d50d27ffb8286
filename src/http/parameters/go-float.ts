const DECIMAL = /^[+-]?(?:[\d_]+\.?[\d_]*|\.[\d_]+)(?:e[+-]?[\d_]+)?$/i;
const HEX = /^([+-]?)0x([\da-f_]*)\.?([\da-f_]*)p([+-]?\d+)$/i;
const NAMED = /^[+-]?(?:inf|infinity|nan)$/i;

/**
 * Reads a float as Go's `strconv.ParseFloat` does, which decides what Prometheus takes for a number of seconds:
 * decimal, hexadecimal with a binary exponent, `Inf` and `NaN`, and `_` between digits. Undefined where it is none,
 * or too large for a float64.
 */
export function parseGoFloat(text: string): number | undefined {
  if (NAMED.test(text)) return namedFloat(text);
  if (!underscoresSeparateDigits(text)) return undefined;
  const digits = text.replaceAll('_', '');
  const hex = HEX.exec(digits);
  if (hex !== null) return finite(hexFloat(hex));
  return DECIMAL.test(digits) ? finite(Number(digits)) : undefined;
}

function namedFloat(text: string): number {
  if (/nan/i.test(text)) return Number.NaN;
  return text.startsWith('-') ? -Infinity : Infinity;
}

/** Hexadecimal numbers of more than 53 bits are rounded twice; no time is written like that. */
function hexFloat([, sign, whole = '', fraction = '', exponent]: RegExpExecArray): number | undefined {
  if (whole === '' && fraction === '') return undefined;
  const mantissa = Number(`0x${whole}${fraction}`) * 2 ** (Number(exponent) - 4 * fraction.length);
  return sign === '-' ? -mantissa : mantissa;
}

function finite(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

function underscoresSeparateDigits(text: string): boolean {
  return !text.includes('_') || (/^[+-]?[\da-fx]/i.test(text) && !/[^\da-fx]_|_[^\da-f]|_$/i.test(text));
}
