import {
  type Buckets,
  type FloatHistogram,
  NO_BUCKETS,
  NO_CUSTOM_VALUES,
  ResetHint,
} from '../../model/histogram/float-histogram.ts';
import { type Span, indicesOfSpans } from '../../model/histogram/spans.ts';
import { histogramProblem } from '../../model/histogram/validate.ts';
import { isStale } from '../../model/stale.ts';
import { withModelResolution } from '../histogram-schema.ts';
import { MessageFormatError } from '../message-format-error.ts';
import type { ProtoReader } from '../protobuf/proto-reader.ts';
import { BucketSpanField } from '../protobuf/bucket-fields.ts';
import { HistogramField } from './fields.ts';

/** A histogram sample; `histogram` is absent where its sum is the stale marker, which is all it says then. */
export interface TimedHistogram {
  readonly time: number;
  readonly histogram: FloatHistogram | undefined;
}

/** The fields of the message as they come. */
interface RawHistogram {
  isFloat: boolean;
  count: number;
  sum: number;
  schema: number;
  zeroThreshold: number;
  zeroCount: number;
  resetHint: number;
  time: number;
  readonly positive: RawBuckets;
  readonly negative: RawBuckets;
  readonly customValues: number[];
}

interface RawBuckets {
  readonly spans: Span[];
  readonly deltas: number[];
  readonly counts: number[];
}

/** Reads a prometheus.Histogram that the reader stands on. Throws MessageFormatError, also where it cannot be right. */
export function readHistogram(reader: ProtoReader): TimedHistogram {
  const raw: RawHistogram = {
    isFloat: false,
    count: 0,
    sum: 0,
    schema: 0,
    zeroThreshold: 0,
    zeroCount: 0,
    resetHint: 0,
    time: 0,
    positive: { spans: [], deltas: [], counts: [] },
    negative: { spans: [], deltas: [], counts: [] },
    customValues: [],
  };
  const outer = reader.enter();
  while (reader.next()) readField(reader, raw);
  reader.leave(outer);
  if (isStale(raw.sum)) return { time: raw.time, histogram: undefined };
  const histogram = withModelResolution({
    schema: raw.schema,
    resetHint: resetHintOf(raw.resetHint),
    count: raw.count,
    sum: raw.sum,
    zeroThreshold: raw.zeroThreshold,
    zeroCount: raw.zeroCount,
    positive: bucketsOf(raw.positive, raw),
    negative: bucketsOf(raw.negative, raw),
    customValues: raw.customValues.length === 0 ? NO_CUSTOM_VALUES : Float64Array.from(raw.customValues),
  });
  const problem = histogramProblem(histogram);
  if (problem !== undefined)
    throw new MessageFormatError(`the histogram at ${raw.time} is invalid: ${problem}`);
  return { time: raw.time, histogram };
}

function readField(reader: ProtoReader, raw: RawHistogram): void {
  switch (reader.field) {
    case HistogramField.countInt:
      raw.count = reader.uint64();
      raw.isFloat = false;
      break;
    case HistogramField.countFloat:
      raw.count = reader.double();
      raw.isFloat = true;
      break;
    case HistogramField.sum:
      raw.sum = reader.double();
      break;
    case HistogramField.schema:
      raw.schema = reader.sint32();
      break;
    case HistogramField.zeroThreshold:
      raw.zeroThreshold = reader.double();
      break;
    case HistogramField.zeroCountInt:
      raw.zeroCount = reader.uint64();
      break;
    case HistogramField.zeroCountFloat:
      raw.zeroCount = reader.double();
      break;
    case HistogramField.negativeSpans:
      raw.negative.spans.push(readSpan(reader));
      break;
    case HistogramField.negativeDeltas:
      reader.sint64sInto(raw.negative.deltas);
      break;
    case HistogramField.negativeCounts:
      reader.doublesInto(raw.negative.counts);
      break;
    case HistogramField.positiveSpans:
      raw.positive.spans.push(readSpan(reader));
      break;
    case HistogramField.positiveDeltas:
      reader.sint64sInto(raw.positive.deltas);
      break;
    case HistogramField.positiveCounts:
      reader.doublesInto(raw.positive.counts);
      break;
    case HistogramField.resetHint:
      raw.resetHint = reader.uint32();
      break;
    case HistogramField.timestamp:
      raw.time = reader.int64();
      break;
    case HistogramField.customValues:
      reader.doublesInto(raw.customValues);
      break;
    default:
      reader.skip();
  }
}

function readSpan(reader: ProtoReader): Span {
  let offset = 0;
  let length = 0;
  const outer = reader.enter();
  while (reader.next()) {
    if (reader.field === BucketSpanField.offset) offset = reader.sint32();
    else if (reader.field === BucketSpanField.length) length = reader.uint32();
    else reader.skip();
  }
  reader.leave(outer);
  return { offset, length };
}

function bucketsOf({ spans, deltas, counts }: RawBuckets, { isFloat, time }: RawHistogram): Buckets {
  const count = isFloat ? Float64Array.from(counts) : absoluteCounts(deltas);
  const described = spans.reduce((total, { length }) => total + length, 0);
  // Checked before the indices are made: spans may claim more buckets than there is memory.
  if (described !== count.length)
    throw new MessageFormatError(
      `the histogram at ${time} has ${count.length} counts for the ${described} buckets of its spans`,
    );
  return described === 0 ? NO_BUCKETS : { index: indicesOfSpans(spans), count };
}

/** Numbers of hints that are yet to be invented mean that nothing is known. */
function resetHintOf(number: number): ResetHint {
  return Object.values(ResetHint).find((hint) => hint === number) ?? ResetHint.unknown;
}

function absoluteCounts(deltas: readonly number[]): Float64Array {
  const counts = new Float64Array(deltas.length);
  let count = 0;
  for (let i = 0; i < counts.length; i++) counts[i] = count += deltas[i]!;
  return counts;
}
