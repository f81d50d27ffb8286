import type { TestContext } from 'node:test';
import type { Backend, BackendSelect } from '../../../src/backend/backend.ts';
import type { RawData } from '../../../src/model/raw-data.ts';
import type { BackendFailure } from '../../../src/model/loss.ts';
import { createStoreApiBackend } from '../../../src/backend/store-api/backend.ts';
import { STORE_API_DEFAULTS, type StoreApiOptions } from '../../../src/backend/store-api/options.ts';
import type { EncodedChunk } from '../../../src/model/chunk.ts';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import type { Result } from '../../../src/model/result.ts';
import { SampleBuffer } from '../../../src/model/sample-columns.ts';
import { ReadScratch, readReplica } from '../../../src/select/reading/read-replica.ts';
import { encodeXor } from '../../../src/wire/chunk/encode-xor.ts';
import { encodeSeriesResponse } from '../../../src/wire/store-api/series-response.ts';
import { type FakeCalls, startFakeStore } from '../../support/fake-store.ts';

export const NEVER: AbortSignal = new AbortController().signal;

/** All series, raw samples alone. */
export const ALL: BackendSelect = {
  matchers: [],
  minTime: 0,
  maxTime: 1e12,
  hints: { range: 0, func: '' },
};

/** A backend that talks to a fake server; both end with the test. */
export async function backendTo(
  t: Pick<TestContext, 'after'>,
  calls: FakeCalls,
  options: Partial<StoreApiOptions> = {},
): Promise<Backend> {
  const store = await startFakeStore(calls);
  const backend = createStoreApiBackend({
    ...STORE_API_DEFAULTS,
    address: `grpc://${store.target}`,
    target: store.target,
    ...options,
  });
  t.after(async () => {
    await backend.close();
    store.close();
  });
  return backend;
}

export function valueOf<T>(result: Result<T, BackendFailure>): T {
  if (!result.ok) throw new Error(`${result.failure.kind}: ${result.failure.reason}`);
  return result.value;
}

export function failureOf(result: Result<unknown, BackendFailure>): BackendFailure {
  if (result.ok) throw new Error('it did not fail');
  return result.failure;
}

export function chunkOf(...samples: readonly (readonly [t: number, v: number])[]): EncodedChunk {
  const buffer = new SampleBuffer();
  for (const [t, v] of samples) buffer.push(t, v);
  return {
    encoding: 1,
    minTime: samples[0]![0],
    maxTime: samples.at(-1)![0],
    data: encodeXor(buffer, 0, buffer.length),
  };
}

/** One message with one series of raw chunks. */
export function seriesMessage(
  labels: Readonly<Record<string, string>>,
  ...chunks: readonly EncodedChunk[]
): Uint8Array {
  return encodeSeriesResponse({
    kind: 'series',
    series: [
      {
        labels: labelsFromRecord(labels),
        chunks: chunks.map((raw) => ({
          minTime: raw.minTime,
          maxTime: raw.maxTime,
          raw,
          aggregates: undefined,
        })),
      },
    ],
  });
}

/** The samples of pieces as the selection reads them. */
export function samplesOf(...pieces: readonly RawData[]): readonly (readonly [t: number, v: number])[] {
  const buffer = new SampleBuffer();
  readReplica(pieces, -Infinity, Infinity, buffer, new ReadScratch());
  return Array.from({ length: buffer.length }, (_, i) => [buffer.t[i]!, buffer.v[i]!] as const);
}
