import { EXPONENTIAL_SCHEMA_MAX } from '../../model/histogram/bounds.ts';
import { ResetHint } from '../../model/histogram/float-histogram.ts';
import { type HistogramLayout, layoutsEqual } from '../../model/histogram/layout.ts';
import type { SampleBuffer } from '../../model/sample-columns.ts';
import { isStale } from '../../model/stale.ts';
import { BitReader } from './bit-reader.ts';
import { decodeFloatHistogram } from './decode-float-histogram.ts';
import { decodeHistogram } from './decode-histogram.ts';
import { decodeHistogramSamples, samples } from './decode-histogram-samples.ts';
import { GAUGE_HEADER } from './histogram-appender.ts';
import { readHistogramHeader, readHistogramLayout } from './histogram-layout.ts';

/** A kind of counts, with the decoder for chunks that are malformed or out of the ordinary. */
export interface CountKind {
  readonly isFloat: boolean;
  readonly decode: typeof decodeHistogram;
}

export const INTEGERS: CountKind = { isFloat: false, decode: decodeHistogram };
export const FLOATS: CountKind = { isFloat: true, decode: decodeFloatHistogram };

/** The values in front of the buckets of a float histogram. */
const SCALARS = 3;

/** The layouts of the chunks that came last: those of a series, and of series that are alike, share one. */
const RECENT_LAYOUTS = 16;
const recentLayouts: HistogramLayout[] = [];
let nextRecent = 0;

/** Decodes a chunk of histograms into columns, bit for bit as the decoder of its kind does, which also says what is wrong. */
export function decodeHistogramChunk(
  data: Uint8Array,
  kind: CountKind,
  withStarts: boolean,
  target: SampleBuffer,
  minTime: number,
  maxTime: number,
): void {
  const reader = new BitReader(data, 0);
  const header = readHistogramHeader(reader, withStarts);
  if (header.total === 0) return;
  const layout = shared(readHistogramLayout(reader));
  let count = -1;
  if (layout.schema <= EXPONENTIAL_SCHEMA_MAX && (!kind.isFloat || hasFirstValues(reader, layout)))
    count = decodeHistogramSamples(data, reader, header, layout, kind.isFloat, minTime, maxTime);
  if (count < 0) kind.decode(data, withStarts, target, minTime, maxTime);
  else if (count > 0) append(target, count, layout, header.resetHeader === GAUGE_HEADER);
}

/** Each first value takes 64 bits. */
function hasFirstValues(
  { remaining }: BitReader,
  { positiveIndex, negativeIndex }: HistogramLayout,
): boolean {
  return Math.max(SCALARS, positiveIndex.length, negativeIndex.length) * 64 <= remaining;
}

function shared(layout: HistogramLayout): HistogramLayout {
  for (const recent of recentLayouts) if (layoutsEqual(recent, layout)) return recent;
  recentLayouts[nextRecent] = layout;
  nextRecent = (nextRecent + 1) % RECENT_LAYOUTS;
  return layout;
}

/** Appends the samples that were decoded last. See HistogramAppender for the reset hints. */
function append(target: SampleBuffer, count: number, layout: HistogramLayout, isGauge: boolean): void {
  const at = target.length;
  const { times, sums, starts, skipped, stales } = samples;
  const rest = isGauge ? ResetHint.gauge : ResetHint.notReset;
  const first = skipped === 0 && !isGauge ? ResetHint.unknown : rest;
  target.reserve(count);
  target.t.set(times.subarray(0, count), at);
  // With the bits of stale markers, which histograms become whose sum is one.
  target.v.set(sums.subarray(0, count), at);
  target.length = at + count;
  if (stales < count) {
    const h = target.histograms();
    h.appendRun(at, count, layout, samples, first, rest);
    if (stales > 0) for (let i = 0; i < count; i++) if (isStale(sums[i]!)) h.unset(at + i);
  }
  target.appendStarts(starts, count);
}
