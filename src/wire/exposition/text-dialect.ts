import { formatShortest } from '../../model/format-float.ts';
import type { FamilyType } from './metric-family.ts';

/** In what the two text formats differ. */
export interface TextDialect {
  readonly typeNames: Readonly<Record<FamilyType, string>>;
  /** A value, and the bound of a bucket. */
  readonly float: (value: number) => string;
  /** A count of a bucket. */
  readonly count: (count: number) => string;
  /** ms since the epoch. */
  readonly time: (ms: number) => string;
  /** What the last line is. */
  readonly end: string;
}

/** Prometheus' text format 0.0.4, which knows no gauge histograms. */
export const CLASSIC_TEXT: TextDialect = {
  typeNames: { untyped: 'untyped', histogram: 'histogram', gaugeHistogram: 'histogram' },
  float: formatShortest,
  count: formatShortest,
  time: String,
  end: '',
};

/** OpenMetrics 1.0. */
export const OPEN_METRICS: TextDialect = {
  typeNames: { untyped: 'unknown', histogram: 'histogram', gaugeHistogram: 'gaugehistogram' },
  float: (value) => {
    const text = formatShortest(value);
    return Number.isFinite(value) && !/[.e]/.test(text) ? `${text}.0` : text;
  },
  count: String,
  time: secondsText,
  end: '# EOF\n',
};

/**
 * Seconds that are the same milliseconds to readers that round and to readers that cut. Prometheus multiplies by 1000 and cuts
 * (model/textparse/openmetricsparse.go), so the nearest number may be a millisecond less to it, as in 2004 and 2038; the one above never is.
 */
function secondsText(ms: number): string {
  const seconds = ms / 1000;
  return String(Math.trunc(seconds * 1000) === ms ? seconds : awayFromZero(seconds));
}

const float = new Float64Array(1);
const bits = new BigInt64Array(float.buffer);

/** The next float64 that is larger in magnitude. */
function awayFromZero(value: number): number {
  float[0] = value;
  bits[0] = bits[0]! + 1n;
  return float[0];
}
