import { quote } from '../../model/quote.ts';

const DECIMAL = /^(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const WHOLE: readonly (readonly [form: RegExp, prefix: string])[] = [
  [/^0[xX]_?[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*$/, '0x'],
  [/^0(?:_?[0-7])+$/, '0o'],
  [/^[1-9]\d*(?:_\d+)*$/, ''],
];
const MAX_INT64 = 2n ** 63n - 1n;
/** In octal, which takes the most. */
const MAX_INT64_DIGITS = 21;

export interface NumberProblem {
  readonly problem: string;
}

/**
 * The value of a number token: decimal, hexadecimal, octal (leading zero), with underscores between digits, `Inf` or
 * `NaN`. The rules and error texts are those of Go's `ParseInt` with base 0, then `ParseFloat`.
 */
export function parseNumber(text: string): number | NumberProblem {
  return parseWhole(text) ?? parseFloating(text);
}

function parseWhole(text: string): number | undefined {
  if (text === '0') return 0;
  const prefix = WHOLE.find(([form]) => form.test(text))?.[1];
  if (prefix === undefined) return undefined;
  const digits = text.replaceAll('_', '').replace(/^0[xX]?0*(?=.)/, '');
  if (digits.length > MAX_INT64_DIGITS) return undefined;
  const value = BigInt(prefix + digits);
  return value <= MAX_INT64 ? Number(value) : undefined;
}

function parseFloating(text: string): number | NumberProblem {
  const word = text.toLowerCase();
  if (word === 'inf') return Infinity;
  if (word === 'nan') return NaN;
  const plain = /(?:^|\D)_|_(?:\D|$)/.test(text) ? '' : text.replaceAll('_', '');
  if (!DECIMAL.test(plain)) return problem(text, 'invalid syntax');
  const value = Number(plain);
  return Number.isFinite(value) ? value : problem(text, 'value out of range');
}

function problem(text: string, reason: string): NumberProblem {
  return { problem: `strconv.ParseFloat: parsing ${quote(text)}: ${reason}` };
}
