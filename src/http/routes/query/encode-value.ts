import type { MatrixSeries, QueryValue, VectorSample } from '../../../engine/answer.ts';
import { formatDecimal, formatFloat } from '../../../model/format-decimal.ts';
import { encodeHistogram } from '../../json/histogram.ts';
import { encodeLabels, encodeString } from '../../json/text.ts';
import { formatSeconds } from '../../json/scalars.ts';
import type { SampleColumns } from '../../../model/sample-columns.ts';
import { MOST_SAMPLES, SAMPLE_TIMES, SAMPLE_VALUES, sampleText } from '../../../wire/json/sample-text.ts';
import type { Piece } from '../../chunks.ts';
import { SamplePrefixes } from './sample-prefixes.ts';
import { TEXT_PIECE } from '../../../wire/text-piece.ts';

/** The members `"resultType":…,"result":…` piece by piece, so that a large matrix is never one string. */
export function* encodeValue(value: QueryValue): Generator<Piece> {
  yield `"resultType":"${value.kind}","result":`;
  switch (value.kind) {
    case 'scalar':
      yield `[${formatSeconds(value.t)},"${formatDecimal(value.v)}"]`;
      return;
    case 'string':
      yield `[${formatSeconds(value.t)},${encodeString(value.value)}]`;
      return;
    case 'vector':
      yield* encodeVector(value.samples);
      return;
    case 'matrix':
      yield* encodeMatrix(value.series);
  }
}

/** One for all answers: it takes more memory than a small answer. */
const PREFIXES = new SamplePrefixes();

function* encodeVector(samples: readonly VectorSample[]): Generator<string> {
  let text = '[';
  let separator = '';
  for (const sample of samples) {
    text += `${separator}{"metric":${encodeLabels(sample.labels)},`;
    text +=
      sample.h === undefined
        ? `"value":${PREFIXES.of(sample.t)}${formatFloat(sample.v)}"]}`
        : `"histogram":${PREFIXES.bare(sample.t)}${encodeHistogram(sample.h)}]}`;
    separator = ',';
    if (text.length < TEXT_PIECE) continue;
    yield text;
    text = '';
  }
  yield `${text}]`;
}

function* encodeMatrix(series: readonly MatrixSeries[]): Generator<Piece> {
  let separator = '';
  yield '[';
  for (const one of series) {
    yield `${separator}{"metric":${encodeLabels(one.labels)}`;
    yield* encodeFloats(one);
    if (one.columns.h !== undefined) yield* encodeHistograms(one);
    yield '}';
    separator = ',';
  }
  yield ']';
}

/** `,"values":[[t,"v"],…]`, or nothing where no sample is a float. */
function* encodeFloats({ columns }: MatrixSeries): Generator<Piece> {
  let isFirst = true;
  for (let from = 0; from < columns.length; from += MOST_SAMPLES) {
    const count = takeFloats(columns, from, Math.min(columns.length, from + MOST_SAMPLES));
    if (count === 0) continue;
    const text = sampleText(count);
    if (isFirst) yield ',"values":[';
    yield isFirst ? text.subarray(1) : text;
    isFirst = false;
  }
  if (!isFirst) yield ']';
}

/** Puts the samples from `from` to `to` which are floats where {@link sampleText} takes them, and returns their number. */
function takeFloats({ t, v, h }: SampleColumns, from: number, to: number): number {
  if (h === undefined) {
    SAMPLE_TIMES.set(t.subarray(from, to));
    SAMPLE_VALUES.set(v.subarray(from, to));
    return to - from;
  }
  let count = 0;
  for (let i = from; i < to; i++) {
    if (h.has(i)) continue;
    SAMPLE_TIMES[count] = t[i]!;
    SAMPLE_VALUES[count++] = v[i]!;
  }
  return count;
}

/** `,"histograms":[[t,{…}],…]`, or nothing where no sample is a histogram. */
function* encodeHistograms({ columns }: MatrixSeries): Generator<string> {
  const { length, t, h } = columns;
  let text = ',"histograms":[';
  let separator = '';
  for (let i = 0; i < length; i++) {
    const histogram = h?.passing(i);
    if (histogram === undefined) continue;
    text += `${separator}${PREFIXES.bare(t[i]!)}${encodeHistogram(histogram)}]`;
    separator = ',';
    if (text.length < TEXT_PIECE) continue;
    yield text;
    text = '';
  }
  if (separator !== '') yield `${text}]`;
}
