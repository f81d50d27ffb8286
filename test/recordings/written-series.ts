import { compareLabels, labelsFromRecord } from '../../src/model/labels.ts';
import { copyColumns, SampleBuffer } from '../../src/model/sample-columns.ts';
import { STALE_NAN } from '../../src/model/stale.ts';
import {
  DATA_LENGTH,
  DATA_START,
  floatSeries,
  type SampleSeries,
} from '../support/differential/sample-series.ts';
import { exponential } from '../support/histograms.ts';
import { randomFrom } from '../truth/random.ts';

const INTERVAL = 15_000;
/** Scrapes after which a native histogram is away for a while. */
const GONE = 110;
const BACK = 120;

/** ms; the samples of the recorded server lie within. */
export const RECORDED_RANGE: Readonly<{ start: number; end: number }> = {
  start: DATA_START,
  end: DATA_START + DATA_LENGTH,
};

/** What was written into the server of our own recordings before it was asked, ordered by labels. */
export function writtenSeries(): readonly SampleSeries[] {
  const native = ['api', 'db', 'web'].map((job, i) => nativeSeries(job, i));
  return [...floatSeries(), ...native].sort((a, b) => compareLabels(a.labels, b.labels));
}

/** Grows all the time: 2.42 cannot stream a native histogram that begins anew. */
function nativeSeries(job: string, schema: number): SampleSeries {
  const random = randomFrom(schema + 1);
  const columns = new SampleBuffer();
  const positive: Record<number, number> = { 2: 1, 3: 1 };
  const negative: Record<number, number> = { 0: 1 };
  let [zeroCount, sum] = [0, 0];
  for (let k = 0; k * INTERVAL < DATA_LENGTH; k++) {
    const index = Math.floor(random() * 6) + (k > 60 ? 4 : 0);
    positive[index] = (positive[index] ?? 0) + Math.ceil(random() * 5);
    if (random() < 0.2) negative[1] = (negative[1] ?? 0) + 1;
    if (random() < 0.3) zeroCount++;
    sum += random();
    const t = DATA_START + 1000 * schema + 7 + k * INTERVAL;
    if (k === GONE) columns.push(t, STALE_NAN);
    if (k >= GONE && k < BACK) continue;
    const buckets = { positive: { ...positive }, negative: { ...negative } };
    columns.pushHistogram(t, exponential({ schema, sum, zeroThreshold: 0.001, zeroCount, ...buckets }));
  }
  const labels = labelsFromRecord({ __name__: 'latency_native', instance: '0', job });
  return { labels, columns: copyColumns(columns) };
}
