import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FloatHistogram } from '../../../../src/model/histogram/float-histogram.ts';
import { labelsFromRecord } from '../../../../src/model/labels.ts';
import { copyColumns, SampleBuffer } from '../../../../src/model/sample-columns.ts';
import { remoteWrite } from '../../../support/differential/remote-write.ts';
import type { SampleSeries } from '../../../support/differential/sample-series.ts';
import { startPrometheus } from '../../../support/prometheus-server.ts';
import type { TargetSeries } from './series.ts';
import type { Store } from './stores.ts';

/** Samples of one request; Prometheus takes 32 MiB. */
const BATCH = 200_000;

/**
 * Blocks as long as this are cut by the snapshot alone, so that a store is always one block. Samples may come half as late, so
 * each series can be sent whole.
 */
const BLOCK_LENGTH = '24h';

/**
 * Fills `folder` with one block that holds all of a store, by way of a Prometheus that takes remote writes: that is the only
 * way which has native histograms. `folder` must not be there yet.
 */
export async function writeStore(store: Store, folder: string): Promise<void> {
  const working = `${folder}.partial`;
  await rm(working, { recursive: true, force: true });
  await mkdir(working, { recursive: true });
  const server = await startPrometheus({
    config: '',
    dataDir: working,
    args: [
      '--web.enable-remote-write-receiver',
      '--web.enable-admin-api',
      '--enable-feature=native-histograms',
      '--storage.tsdb.retention.time=100y',
      `--storage.tsdb.min-block-duration=${BLOCK_LENGTH}`,
      `--storage.tsdb.max-block-duration=${BLOCK_LENGTH}`,
    ],
  });
  try {
    for (const batch of batchesOf(store)) await remoteWrite(server.url, batch);
    const snapshot = await takeSnapshot(server.url);
    await rename(join(working, 'snapshots', snapshot), folder);
  } finally {
    await server.stop();
    await rm(working, { recursive: true, force: true });
  }
}

async function takeSnapshot(url: string): Promise<string> {
  const response = await fetch(`${url}/api/v1/admin/tsdb/snapshot`, { method: 'POST' });
  if (!response.ok) throw new Error(`${url} took no snapshot: ${response.status} ${await response.text()}`);
  const { data } = (await response.json()) as { readonly data: { readonly name: string } };
  return data.name;
}

function* batchesOf(store: Store): Generator<readonly SampleSeries[]> {
  const scrapes = new Map<number, Float64Array>();
  let [batch, samples]: [SampleSeries[], number] = [[], 0];
  for (const series of store.series()) {
    let times = scrapes.get(series.target);
    if (times === undefined) {
      times = Float64Array.from(store.scrapes(series.target));
      scrapes.set(series.target, times);
    }
    batch.push(sampled(series, times));
    samples += times.length;
    if (samples >= BATCH) {
      yield batch;
      [batch, samples] = [[], 0];
    }
  }
  if (batch.length > 0) yield batch;
}

function sampled({ labels, signal }: TargetSeries, times: Float64Array): SampleSeries {
  const columns = new SampleBuffer(times.length);
  for (const time of times) {
    const value = signal(time);
    if (typeof value === 'number') columns.push(time, value);
    else columns.pushHistogram(time, value satisfies FloatHistogram);
  }
  return { labels: labelsFromRecord(labels), columns: copyColumns(columns) };
}
