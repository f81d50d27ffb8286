/**
 * Formats a number with so many significant digits as Go's `%.<digits>g`: trailing zeros go, and an exponent below -4
 * or from `digits` on is written out. Ties go to the even digit of the exact decimal value, unlike `toPrecision`.
 */
export function formatSignificant(value: number, digits: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [mantissa, exponentText] = roundedHalfEven(value, digits).split('e') as [string, string];
  const exponent = Number(exponentText);
  const trimmed = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
  if (exponent >= -4 && exponent < digits) return String(Number(`${trimmed}e${exponent}`));
  const sign = exponent < 0 ? '-' : '+';
  return `${trimmed}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

function roundedHalfEven(value: number, digits: number): string {
  const rounded = value.toExponential(digits - 1);
  // toExponential rounds ties up; a hundred digits show the exact value wherever it can be a tie.
  // oxlint-disable-next-line oxc/number-arg-out-of-range -- the limit is 100 since ES2018
  const [mantissa, exponent] = value.toExponential(100).split('e') as [string, string];
  const all = mantissa.replace(/[-.]/g, '');
  const isTie = /^50*$/.test(all.slice(digits));
  if (!isTie || Number(all[digits - 1]) % 2 === 1) return rounded;
  const kept = all.slice(0, digits);
  return `${value < 0 ? '-' : ''}${kept[0]}.${kept.slice(1)}e${exponent}`;
}
