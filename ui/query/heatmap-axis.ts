import { valueText } from '../text/numbers.ts';
import type { Cell } from './heatmap-data.ts';

/** Where values are in a heatmap: 0 at its lower edge, 1 at its upper one. */
export interface BucketAxis {
  readonly placeOf: (value: number) => number;
  /** Where a bucket begins and ends. One of zero alone has a band all the same where there is one. */
  readonly edgesOf: (bucket: Pick<Cell, 'low' | 'high'>) => readonly [lower: number, upper: number];
  readonly ticks: readonly Tick[];
}

export interface Tick {
  readonly place: number;
  readonly text: string;
}

/** What bounds there are. Infinite ones and those of buckets about zero stand apart, since a logarithm has no place for them. */
interface Bounds {
  readonly positive: Side | undefined;
  readonly negative: Side | undefined;
  readonly hasZero: boolean;
  readonly hasTop: boolean;
  readonly hasBottom: boolean;
}

/** Of bounds on one side of zero, the least and the greatest without their sign. */
interface Side {
  readonly least: number;
  readonly most: number;
}

/** The height of a bucket that has no height by itself: one about zero on a logarithmic axis, or one without an end. */
const BAND = 0.06;
/** Texts that are closer cannot be read. */
const LEAST_APART = 0.07;

export function bucketAxis(columns: readonly (readonly Cell[])[], isLinear: boolean): BucketAxis {
  const cells = columns.flat();
  return isLinear ? linearAxis(cells) : logarithmicAxis(boundsOf(cells));
}

/** Each power of ten has the same height, on both sides of zero. */
function logarithmicAxis({ positive, negative, hasZero, hasTop, hasBottom }: Bounds): BucketAxis {
  const [above, below] = [decades(positive), decades(negative)];
  const bands: readonly number[] = [hasBottom, hasZero, hasTop].map((has) => (has ? BAND : 0));
  const banded = bands.reduce((sum, band) => sum + band, 0);
  const free = above + below === 0 ? 0 : 1 - banded;
  const [upper, lower] = [above, below].map((each) => (free === 0 ? 0 : (free * each) / (above + below)));
  // Bands alone fill all of it.
  const all = free + banded || 1;
  const zeroLow = (bands[0]! + lower!) / all;
  const zeroHigh = zeroLow + bands[1]! / all;
  const sideOf = (side: Side | undefined, size: number, value: number): number => {
    if (side === undefined || value <= side.least || side.most === side.least) return 0;
    return (size / all) * Math.min(tens(side.least, value) / tens(side.least, side.most), 1);
  };
  const placeOf = (value: number): number => {
    if (value === Infinity) return 1;
    if (value === -Infinity) return 0;
    if (value > 0) return zeroHigh + sideOf(positive, upper!, value);
    if (value < 0) return zeroLow - sideOf(negative, lower!, -value);
    return negative === undefined ? zeroLow : (zeroLow + zeroHigh) / 2;
  };
  const round = [...roundNumbers(positive), ...roundNumbers(negative).map((value) => -value)];
  return {
    placeOf,
    edgesOf: ({ low, high }) =>
      low === 0 && high === 0 ? [zeroLow, zeroHigh] : [placeOf(low), placeOf(high)],
    ticks: ticksOf([...edges(hasTop, hasBottom), ...(hasZero ? [0] : []), ...round], placeOf, boundText),
  };
}

function linearAxis(cells: readonly Cell[]): BucketAxis {
  const bounds = cells.flatMap(({ low, high }) => [low, high]);
  const finite = bounds.filter((bound) => Number.isFinite(bound));
  const low = finite.reduce((a, b) => Math.min(a, b), finite[0] ?? 0);
  const high = finite.reduce((a, b) => Math.max(a, b), low);
  const [hasTop, hasBottom] = [bounds.includes(Infinity), bounds.includes(-Infinity)];
  const start = hasBottom ? BAND : 0;
  const size = 1 - start - (hasTop ? BAND : 0);
  const placeOf = (value: number): number => {
    if (value === Infinity) return 1;
    if (value === -Infinity) return 0;
    return start + size * (high === low ? 0.5 : Math.min(Math.max((value - low) / (high - low), 0), 1));
  };
  return {
    placeOf,
    edgesOf: (bucket) => [placeOf(bucket.low), placeOf(bucket.high)],
    ticks: ticksOf([...edges(hasTop, hasBottom), ...evenNumbers(low, high)], placeOf, valueText),
  };
}

function boundsOf(cells: readonly Cell[]): Bounds {
  const aboutZero = cells.filter(({ low, high }) => low <= 0 && high >= 0);
  const positive = cells.filter(({ low }) => low > 0);
  const negative = cells.filter(({ high }) => high < 0);
  return {
    positive: sideOf(
      positive.map(({ low, high }) => [low, high]),
      aboutZero.map(({ high }) => high),
    ),
    negative: sideOf(
      negative.map(({ low, high }) => [-high, -low]),
      aboutZero.map(({ low }) => -low),
    ),
    hasZero: aboutZero.length > 0 || (positive.length > 0 && negative.length > 0),
    hasTop: cells.some(({ high }) => high === Infinity),
    // One that reaches from zero or above to below everything is the lowest band anyway.
    hasBottom: cells.some(({ low, high }) => low === -Infinity && high <= 0),
  };
}

/**
 * The least bound is one of a bucket that is not about zero: the width of a zero bucket is next to nothing mostly, and would take all of
 * the height.
 */
function sideOf(
  buckets: readonly (readonly [near: number, far: number])[],
  aboutZero: readonly number[],
): Side | undefined {
  if (buckets.length === 0) return undefined;
  let [least, most] = [Infinity, 0];
  for (const [near, far] of buckets) {
    least = Math.min(least, near);
    most = Math.max(most, Number.isFinite(far) ? far : near);
  }
  for (const far of aboutZero) if (Number.isFinite(far)) most = Math.max(most, far);
  return { least, most };
}

function decades(side: Side | undefined): number {
  return side === undefined ? 0 : tens(side.least, side.most);
}

/** A quotient of the two may be beyond all numbers. */
function tens(low: number, high: number): number {
  return Math.log10(high) - Math.log10(low);
}

function edges(hasTop: boolean, hasBottom: boolean): readonly number[] {
  return [...(hasTop ? [Infinity] : []), ...(hasBottom ? [-Infinity] : [])];
}

/** Powers of ten first, then what is between them, then the ends, which few buckets need. */
function roundNumbers(side: Side | undefined): readonly number[] {
  if (side === undefined) return [];
  const { least, most } = side;
  const exponents = Array.from(
    { length: Math.floor(Math.log10(most)) - Math.floor(Math.log10(least)) + 1 },
    (_, i) => Math.floor(Math.log10(least)) + i,
  );
  const round = [1, 2, 5].flatMap((digit) => exponents.map((exponent) => Number(`${digit}e${exponent}`)));
  return [...round.filter((value) => value >= least && value <= most), least, most];
}

/** Steps of 1, 2 or 5 times a power of ten. */
function evenNumbers(low: number, high: number): readonly number[] {
  const rough = (high - low) / 6;
  const power = 10 ** Math.floor(Math.log10(rough));
  // Next to nothing cannot be divided, nor what is beyond all numbers.
  if (!(power > 0 && Number.isFinite(power))) return [low, high];
  const step = power * [1, 2, 5, 10].find((digit) => digit * power >= rough * (1 - 1e-9))!;
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
}

/** Bounds of buckets have many digits, for which there is no room beside the axis. */
function boundText(bound: number): string {
  const short = Number(bound.toPrecision(3));
  return short !== 0 && Math.abs(short) < 0.001 ? short.toExponential() : valueText(short);
}

/** Those of earlier values go before. */
function ticksOf(
  values: readonly number[],
  placeOf: BucketAxis['placeOf'],
  textOf: (value: number) => string,
): readonly Tick[] {
  const ticks: Tick[] = [];
  for (const value of values) {
    const place = placeOf(value);
    if (ticks.every((tick) => Math.abs(tick.place - place) >= LEAST_APART))
      ticks.push({ place, text: textOf(value) });
  }
  return ticks.toSorted((a, b) => a.place - b.place);
}
