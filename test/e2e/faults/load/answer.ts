import { SHARDS } from '../fleet/truth.ts';
import type { LoadQuery } from './queries.ts';

/** Relative; more than sums in another order differ by. */
const TOLERANCE = 1e-6;

/** The body of an answer of the API. */
export interface Answer {
  readonly status: string;
  readonly error?: string;
  readonly warnings?: readonly string[];
  readonly data?: {
    readonly result: readonly {
      readonly metric: Readonly<Record<string, string>>;
      readonly value?: Point;
      readonly values?: readonly Point[];
    }[];
  };
}

type Point = readonly [time: number, value: string];

export interface AnswerPoint {
  readonly shard: string;
  /** Seconds since the epoch. */
  readonly time: number;
  readonly value: number;
}

/** By their series and time. */
export type AnswerPoints = ReadonlyMap<string, AnswerPoint>;

export function pointsOf({ data }: Answer): AnswerPoints {
  const points = new Map<string, AnswerPoint>();
  for (const { metric, value, values } of data?.result ?? []) {
    const series = JSON.stringify(Object.entries(metric).toSorted(([a], [b]) => (a < b ? -1 : 1)));
    for (const [time, text] of values ?? [value!])
      points.set(`${series} at ${time}`, { shard: metric['shard'] ?? '', time, value: Number(text) });
  }
  return points;
}

/** How points differ from the right ones; undefined where they do not. @param counts which of them are looked at. */
export function differenceOf(
  right: AnswerPoints,
  got: AnswerPoints,
  counts: (point: AnswerPoint) => boolean = () => true,
): string | undefined {
  for (const [key, point] of right) {
    if (!counts(point)) continue;
    const other = got.get(key);
    if (other === undefined) return `${key} is missing`;
    if (!isNear(point.value, other.value)) return `${key} is ${other.value}, not ${point.value}`;
  }
  for (const [key, point] of got) if (counts(point) && !right.has(key)) return `${key} is too much`;
  return undefined;
}

/** Throws where the answer of a system without faults is not what the targets said. */
export function assertTrue(query: LoadQuery, points: AnswerPoints): void {
  const { parameters, steps, series, value } = query;
  for (const shard of SHARDS) {
    const own = [...points.values()].filter((point) => point.shard === shard);
    if (own.length !== steps * series)
      throw new Error(
        `${parameters.toString()}: shard ${shard} has ${own.length} points, not ${steps * series}`,
      );
    const wrong = value && own.find((point) => !isNear(value(shard), point.value));
    if (wrong)
      throw new Error(`${parameters.toString()}: shard ${shard} is ${wrong.value}, not ${value(shard)}`);
  }
}

function isNear(a: number, b: number): boolean {
  return Math.abs(a - b) <= TOLERANCE * Math.max(Math.abs(a), Math.abs(b));
}
