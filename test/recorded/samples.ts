import { createMemoryBackend } from '../../src/backend/memory/backend.ts';
import type { SeriesSource } from '../../src/engine/series-source.ts';
import type { EncodedChunk } from '../../src/model/chunk.ts';
import { EMPTY_LABELS, type Labels, labelsKey, withoutLabels } from '../../src/model/labels.ts';
import { FrameSplitter } from '../../src/wire/remote-read/frame-splitter.ts';
import { sourceOf } from '../support/backend-source.ts';
import { OWN_RECORDING, type Recording } from '../support/recorded.ts';
import { decodeChunkedResponse } from '../support/decode-messages.ts';
import { splitFrames } from '../support/split-frames.ts';

const STREAM = 'remote-read/everything-streamed.response.bin';

/** Remote read adds them; what evaluates queries does not see them. */
export const EXTERNAL_LABELS: ReadonlySet<string> = new Set(['__replica__', 'cluster', 'shard']);

export interface StoredSeries {
  readonly labels: Labels;
  readonly chunks: readonly EncodedChunk[];
}

/** The data that the corpus was evaluated on. */
export function corpusSource(recording: Recording): SeriesSource {
  const series = storedSeries(recording).map(({ labels, chunks }) => ({
    labels,
    data: { kind: 'chunks' as const, chunks },
  }));
  return sourceOf(createMemoryBackend({ address: 'recorded', externalLabels: EMPTY_LABELS, series }));
}

/** What the recorded server held, decoded from its answer to remote read. */
export function storedSeries(recording: Recording): readonly StoredSeries[] {
  // In the other recording they are the series' own: it had been imported with them.
  const hidden = recording === OWN_RECORDING ? EXTERNAL_LABELS : new Set<string>();
  const splitter = new FrameSplitter();
  const byKey = new Map<string, { readonly labels: Labels; readonly chunks: EncodedChunk[] }>();
  for (const message of splitFrames(recording.read(STREAM))) {
    for (const series of decodeChunkedResponse(message).series) {
      const labels = withoutLabels(series.labels, hidden);
      const key = labelsKey(labels);
      const known = byKey.get(key) ?? byKey.set(key, { labels, chunks: [] }).get(key)!;
      known.chunks.push(...series.chunks);
    }
  }
  splitter.end();
  return [...byKey.values()];
}
