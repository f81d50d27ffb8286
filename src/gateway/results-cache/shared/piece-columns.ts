import type { MatrixSeries } from '../../../engine/answer.ts';
import { timeOfStep } from '../../../engine/step-grid.ts';
import { ColumnSlab } from '../../../model/column-slab.ts';
import { compareLabels, type Labels } from '../../../model/labels.ts';
import type { Pacer } from '../../../model/pacer.ts';
import { timesOfSteps, type StepNumbers, type Stretch } from '../stretch.ts';

/**
 * A piece of results as bytes, in the order of bytes of this machine:
 *
 *     numbers   from, to, when it was evaluated (ms since the epoch), series, samples, bytes of labels: float64 each
 *     counts    samples looked at: a float64 a step
 *     values    a float64 a sample, one series after the other
 *     lengths   samples of each series: a uint16 each
 *     steps     of each sample of a series that has not all steps: which of the piece, a uint8 each
 *     labels    JSON: a list of names and values for each series
 *
 * Values are copied as bytes, so each keeps its bits. Times follow from steps.
 */
export interface PieceColumns {
  readonly stretch: Stretch;
  /** ms since the epoch. */
  readonly evaluatedAt: number;
}

const NUMBERS = 6;
const FLOAT = Float64Array.BYTES_PER_ELEMENT;
/** More steps than a piece has do not go into a uint8. */
const MOST_STEPS = 256;
const MOST_SERIES = 1_000_000;

/** The bytes of a piece without annotations; undefined where it has native histograms, or would take more bytes than `most`. */
export async function writePiece(
  { stretch, evaluatedAt }: PieceColumns,
  numbers: StepNumbers,
  most: number,
  pacer: Pacer,
): Promise<Uint8Array | undefined> {
  const { from, to, series, counts } = stretch;
  let samples = 0;
  let partial = 0;
  for (const { columns } of series) {
    if (columns.h !== undefined) return undefined;
    samples += columns.length;
    if (columns.length !== to - from) partial += columns.length;
  }
  const fixed = (NUMBERS + to - from + samples) * FLOAT + 2 * series.length + partial;
  if (fixed > most) return undefined;
  const labels = Buffer.from(JSON.stringify(series.map((each) => each.labels)));
  if (fixed + labels.length > most) return undefined;
  const bytes = new Uint8Array(fixed + labels.length);
  const floats = new Float64Array(bytes.buffer, 0, NUMBERS + to - from + samples);
  floats.set([from, to, evaluatedAt, series.length, samples, labels.length]);
  floats.set(counts, NUMBERS);
  const lengths = new Uint16Array(bytes.buffer, floats.byteLength, series.length);
  let at = NUMBERS + to - from;
  let step = floats.byteLength + lengths.byteLength;
  const first = timeOfStep(numbers, from);
  await pacer.forEach(series, ({ columns: { length, t, v } }, i) => {
    floats.set(v.subarray(0, length), at);
    at += length;
    lengths[i] = length;
    if (length === to - from) return;
    for (let n = 0; n < length; n++) bytes[step++] = (t[n]! - first) / numbers.interval;
  });
  bytes.set(labels, step);
  return bytes;
}

/** What the bytes of a piece say. Throws where they contradict themselves: then they are no piece. */
export async function readPiece(
  bytes: Uint8Array,
  numbers: StepNumbers,
  pacer: Pacer,
): Promise<PieceColumns> {
  // On memory of their own, which begins where a number may begin.
  const buffer = Uint8Array.from(bytes).buffer;
  mustHold(buffer.byteLength >= NUMBERS * FLOAT);
  const [from, to, evaluatedAt, seriesCount, samples, labelBytes] = new Float64Array(
    buffer,
    0,
    NUMBERS,
  ) as unknown as [number, number, number, number, number, number];
  const steps = to - from;
  for (const count of [seriesCount, samples, labelBytes]) mustHold(isCount(count));
  mustHold(Number.isSafeInteger(from) && isCount(steps) && steps > 0 && steps <= MOST_STEPS);
  mustHold(seriesCount <= MOST_SERIES && Number.isFinite(evaluatedAt));
  const lengthsAt = (NUMBERS + steps + samples) * FLOAT;
  const stepsAt = lengthsAt + 2 * seriesCount;
  const labelsAt = buffer.byteLength - labelBytes;
  mustHold(stepsAt <= labelsAt);
  const counts = new Float64Array(buffer, NUMBERS * FLOAT, steps);
  const values = new Float64Array(buffer, (NUMBERS + steps) * FLOAT, samples);
  const lengths = new Uint16Array(buffer, lengthsAt, seriesCount);
  const stepOf = new Uint8Array(buffer, stepsAt, labelsAt - stepsAt);
  const labels = labelsOf(Buffer.from(buffer, labelsAt, labelBytes), seriesCount);
  const times = timesOfSteps(numbers, from, to);
  const slab = new ColumnSlab();
  const series: MatrixSeries[] = [];
  let [value, step] = [0, 0];
  await pacer.forEach(labels, (each, i) => {
    const length = lengths[i]!;
    mustHold(length > 0 && length <= steps && value + length <= samples);
    mustHold(i === 0 || compareLabels(labels[i - 1]!, each) < 0);
    const v = values.subarray(value, value + length);
    value += length;
    if (length === steps) {
      series.push({ labels: each, columns: { length, t: times, v, h: undefined, st: undefined } });
      return;
    }
    mustHold(step + length <= stepOf.length);
    const t = slab.take(length);
    for (let n = 0; n < length; n++) {
      const at = stepOf[step + n]!;
      mustHold(at < steps && (n === 0 || at > stepOf[step + n - 1]!));
      t[n] = times[at]!;
    }
    step += length;
    series.push({ labels: each, columns: { length, t, v, h: undefined, st: undefined } });
  });
  mustHold(value === samples && step === stepOf.length);
  return { stretch: { from, to, series, counts, annotations: [] }, evaluatedAt };
}

function labelsOf(text: Buffer, count: number): readonly Labels[] {
  const given: unknown = JSON.parse(text.toString());
  mustHold(Array.isArray(given) && given.length === count);
  for (const each of given as readonly unknown[]) {
    mustHold(Array.isArray(each) && each.length % 2 === 0);
    mustHold((each as readonly unknown[]).every((part) => typeof part === 'string'));
  }
  return given as readonly Labels[];
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function mustHold(holds: boolean): asserts holds {
  if (!holds) throw new Error('the bytes are no piece of results');
}
