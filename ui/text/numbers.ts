const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const SHORT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

export function countText(count: number): string {
  return count < 100_000 ? WHOLE.format(count) : SHORT.format(count).replace('K', 'k');
}

/** `1 series` and `2 series`, `1 shard` and `2 shards`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}

/** A value with the digits that tell it apart, for axes and legends. */
export function valueText(value: number | undefined | null): string {
  if (value === undefined || value === null) return '–';
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e15 || size < 1e-4)) return value.toExponential(3);
  if (size >= 1e6) return `${trimmed(value / 10 ** (3 * exponent(size)))} ${'kMGT'[exponent(size) - 1]}`;
  return trimmed(value);
}

function exponent(size: number): number {
  return Math.min(Math.floor(Math.log10(size) / 3), 4);
}

function trimmed(value: number): string {
  return String(Number(value.toPrecision(5)));
}

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

export function bytesText(bytes: number): string {
  const unit = Math.min(bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3), BYTE_UNITS.length - 1);
  return `${trimmed(Number((bytes / 1000 ** unit).toPrecision(3)))} ${BYTE_UNITS[unit]}`;
}

export function millisecondsText(seconds: number): string {
  const ms = seconds * 1000;
  return ms < 10 ? `${ms.toFixed(1)} ms` : ms < 10_000 ? `${Math.round(ms)} ms` : `${seconds.toFixed(1)} s`;
}

export function percentText(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.1) return '< 0.1 %';
  return `${percent > 0 && percent < 1 ? percent.toFixed(1) : Math.round(percent)} %`;
}

/** Prometheus writes infinities as Go does. */
export function toNumber(text: string): number {
  if (text === '+Inf') return Infinity;
  return text === '-Inf' ? -Infinity : Number(text);
}
