import type { FloatHistogram } from '../../src/model/histogram/float-histogram.ts';
import { STALE_NAN } from '../../src/model/stale.ts';
import { parseHistogram } from './parse-histogram.ts';
import { parseScriptNumber } from './parse-script-number.ts';
import type { Point } from './script.ts';
import type { TextCursor } from './text-cursor.ts';
import { addHistograms, subtractHistograms } from '../../src/model/histogram/combine.ts';

const NUMBER = /(?:(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|inf|nan)/iy;
const SIGNED = new RegExp(`[+-]?${NUMBER.source}`, 'iy');

/** A sequence of points: `1 2+3x4 _ _x2 stale {{…}}x3 {{…}}+{{…}}x2`, where `x4` stands for four points more. */
export function parsePoints(cursor: TextCursor): readonly Point[] {
  const points: Point[] = [];
  for (;;) {
    const space = cursor.take(/[ \t]+/y);
    if (cursor.atEnd) return points;
    if (space === undefined) throw new Error(`expected a space at ${JSON.stringify(cursor.rest)}`);
    points.push(...parseItem(cursor));
  }
}

function parseItem(cursor: TextCursor): readonly Point[] {
  if (cursor.accept('_')) return repeated({ kind: 'gap' }, (parseTimes(cursor) ?? 1) - 1);
  if (cursor.rest.startsWith('{{')) return parseHistograms(cursor);
  if (cursor.take(/stale(?!\w*[a-wyz_])/y) !== undefined) {
    return repeated({ kind: 'float', value: STALE_NAN }, parseTimes(cursor) ?? 0);
  }
  const value = parseScriptNumber(cursor.take(SIGNED) ?? unexpected(cursor));
  const step = /^[+-]/.test(cursor.rest) ? parseScriptNumber(cursor.take(SIGNED) ?? unexpected(cursor)) : 0;
  const times = parseTimes(cursor) ?? 0;
  const points: Point[] = [];
  // Adding step by step, as servers do, so that rounding comes out the same.
  for (let i = 0, next = value; i <= times; i++, next += step) points.push({ kind: 'float', value: next });
  return points;
}

function parseHistograms(cursor: TextCursor): readonly Point[] {
  const first = parseHistogram(cursor);
  const sign = cursor.take(/[+-]/y);
  if (sign === undefined) return repeated(first, parseTimes(cursor) ?? 0);
  const change = parseHistogram(cursor);
  const times = parseTimes(cursor) ?? unexpected(cursor);
  // The hint of the change decides for all points, as in Prometheus.
  const points: Point[] = [{ ...first, hintGiven: change.hintGiven }];
  for (let i = 0, histogram = first.histogram; i < times; i++) {
    histogram = changed(histogram, change.histogram, sign);
    points.push({ kind: 'histogram', histogram, hintGiven: change.hintGiven });
  }
  return points;
}

function changed(histogram: FloatHistogram, change: FloatHistogram, sign: string): FloatHistogram {
  const combined = (sign === '+' ? addHistograms : subtractHistograms)(histogram, change);
  if (combined === undefined || combined.histogram.schema !== histogram.schema) {
    throw new Error(`a histogram of schema ${histogram.schema} cannot change by one of ${change.schema}`);
  }
  return combined.histogram;
}

function parseTimes(cursor: TextCursor): number | undefined {
  const text = cursor.take(/x\d+/y);
  return text === undefined ? undefined : Number(text.slice(1));
}

function repeated(point: Point, more: number): readonly Point[] {
  return Array.from({ length: more + 1 }, () => point);
}

function unexpected(cursor: TextCursor): never {
  throw new Error(`unexpected ${JSON.stringify(cursor.rest)} in a sequence of points`);
}
