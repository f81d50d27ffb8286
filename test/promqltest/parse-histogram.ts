import {
  type Buckets,
  type FloatHistogram,
  NO_BUCKETS,
  NO_CUSTOM_VALUES,
  ResetHint,
} from '../../src/model/histogram/float-histogram.ts';
import { parseScriptNumber } from './parse-script-number.ts';
import type { Point } from './script.ts';
import type { TextCursor } from './text-cursor.ts';

const HINTS: ReadonlyMap<string, ResetHint> = new Map([
  ['unknown', ResetHint.unknown],
  ['reset', ResetHint.reset],
  ['not_reset', ResetHint.notReset],
  ['gauge', ResetHint.gauge],
]);

const KEYS: ReadonlySet<string> = new Set([
  'schema',
  'sum',
  'count',
  'z_bucket',
  'z_bucket_w',
  'buckets',
  'offset',
  'n_buckets',
  'n_offset',
  'custom_values',
  'counter_reset_hint',
]);

/** A histogram in double braces, for example `{{schema:1 sum:3 count:22 buckets:[5 10 7] offset:2}}`. */
export function parseHistogram(cursor: TextCursor): Extract<Point, { kind: 'histogram' }> {
  cursor.expect('{{');
  const parts = new Map<string, string>();
  for (cursor.skipSpace(); !cursor.accept('}}'); cursor.skipSpace()) {
    const key = cursor.take(/\w+/y) ?? '';
    if (!KEYS.has(key))
      throw new Error(`unknown part of a histogram at ${JSON.stringify(key + cursor.rest)}`);
    cursor.expect(':');
    const value = cursor.take(/\[[^\]]*\]|[^\s\]}]+/y);
    if (value === undefined) throw new Error(`expected a value for ${key} at ${JSON.stringify(cursor.rest)}`);
    parts.set(key, value);
  }
  const hint = parts.get('counter_reset_hint');
  return { kind: 'histogram', histogram: histogramOf(parts), hintGiven: hint !== undefined };
}

function histogramOf(parts: ReadonlyMap<string, string>): FloatHistogram {
  const number = (key: string): number => parseScriptNumber(parts.get(key) ?? '0');
  const list = (key: string): Float64Array =>
    Float64Array.from((parts.get(key) ?? '').match(/[^\s[\]]+/g) ?? [], parseScriptNumber);
  const hint = HINTS.get(parts.get('counter_reset_hint') ?? 'unknown');
  if (hint === undefined) throw new Error(`unknown reset hint ${parts.get('counter_reset_hint')}`);
  return {
    schema: number('schema'),
    resetHint: hint,
    count: number('count'),
    sum: number('sum'),
    zeroThreshold: number('z_bucket_w'),
    zeroCount: number('z_bucket'),
    positive: bucketsOf(list('buckets'), number('offset')),
    negative: bucketsOf(list('n_buckets'), number('n_offset')),
    customValues: parts.has('custom_values') ? list('custom_values') : NO_CUSTOM_VALUES,
  };
}

function bucketsOf(count: Float64Array, offset: number): Buckets {
  return count.length === 0 ? NO_BUCKETS : { index: Int32Array.from(count.keys(), (i) => i + offset), count };
}
