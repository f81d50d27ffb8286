/** A float as Go's `FormatFloat(value, 'f', -1)`: the shortest digits that read back the same, never an exponent. */
export function formatPlain(value: number): string {
  if (!Number.isFinite(value)) return formatSpecial(value);
  if (Object.is(value, -0)) return '-0';
  return withoutExponent(String(value));
}

/** A float with a fixed number of decimals, as Go's `%.3f` or `%f` (6). */
export function formatFixed(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return formatSpecial(value);
  if (Math.abs(value) < 1e21) return value.toFixed(decimals);
  return `${BigInt(value)}.${'0'.repeat(decimals)}`;
}

/** Moves the decimal point of a number, digit by digit: the counterpart of `shiftDecimal` of the literals. */
export function formatShifted(value: number, places: number): string {
  if (!Number.isFinite(value)) return formatSpecial(value);
  const [digits, exponent = '0'] = String(value).split('e');
  return withoutExponent(`${digits}e${Number(exponent) + places}`);
}

function formatSpecial(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '+Inf' : '-Inf';
}

function withoutExponent(text: string): string {
  const [, sign, whole, fraction = '', exponent] = /^(-?)(\d+)\.?(\d*)(?:e([+-]?\d+))?$/.exec(text)!;
  const point = whole!.length + Number(exponent ?? 0);
  const digits = whole! + fraction;
  const padded = point <= 0 ? '0'.repeat(1 - point) + digits : digits.padEnd(point, '0');
  const split = Math.max(point, 1);
  const head = padded.slice(0, split).replace(/^0+(?=\d)/, '');
  const tail = padded.slice(split).replace(/0+$/, '');
  return `${sign}${head}${tail && `.${tail}`}`;
}
