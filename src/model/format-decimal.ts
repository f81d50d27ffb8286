/**
 * Prints a sample value as Prometheus' query API does (util/jsonutil `MarshalFloat`): the shortest digits that read
 * back as the same float64; exponent form below 1e-6 and from 1e21, with two exponent digits at least.
 *
 * `String` picks the same digits and switches notation at the same magnitudes, so only the exponent's width, the
 * infinities and minus zero are ours to fix. This runs once a sample: the ordinary case comes first.
 */
export function formatFloat(value: number): string {
  const magnitude = value < 0 ? -value : value;
  if (magnitude >= 1e-6 && magnitude < Infinity) return String(value);
  if (magnitude === 0) return Object.is(value, -0) ? '-0' : '0';
  if (magnitude === Infinity) return value > 0 ? '+Inf' : '-Inf';
  if (Number.isNaN(value)) return 'NaN';
  return String(value).replace(/e-(\d)$/, 'e-0$1');
}

/**
 * Prints a scalar result, which Prometheus never writes with an exponent (promql/value.go, Go's format 'f'):
 * 1e21 is `1000000000000000000000`, 1e-7 is `0.0000001`.
 */
export function formatDecimal(value: number): string {
  const text = formatFloat(value);
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (match === null) return text;
  const [, sign, first, rest = '', exponent] = match;
  const digits = `${first}${rest}`;
  const point = 1 + Number(exponent);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return `${sign}${digits.padEnd(point, '0')}`;
}
