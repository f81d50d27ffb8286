import type { RawSeries } from '../../src/backend/backend.ts';
import { createMemoryBackend } from '../../src/backend/memory/backend.ts';
import type { SeriesSource } from '../../src/engine/series-source.ts';
import type { EncodedChunk } from '../../src/model/chunk.ts';
import { EMPTY_LABELS, type Labels, labelsKey } from '../../src/model/labels.ts';
import { FrameSplitter } from '../../src/wire/remote-read/frame-splitter.ts';
import { decodeChunkedResponse } from '../../src/wire/remote-read/streamed.ts';
import { readRecorded } from '../support/recorded.ts';
import { sourceOf } from '../support/backend-source.ts';

const STREAM = 'remote-read/everything-streamed.response.bin';

/** The data that the corpus was evaluated on, decoded from a recorded remote-read answer. */
export function corpusSource(): SeriesSource {
  const series = readStream(readRecorded(STREAM));
  return sourceOf(createMemoryBackend({ address: 'recorded', externalLabels: EMPTY_LABELS, series }));
}

function readStream(bytes: Uint8Array): readonly RawSeries[] {
  const splitter = new FrameSplitter();
  const byKey = new Map<string, { readonly labels: Labels; readonly chunks: EncodedChunk[] }>();
  for (const message of splitter.push(bytes)) {
    for (const { labels, chunks } of decodeChunkedResponse(message).series) {
      const key = labelsKey(labels);
      const known = byKey.get(key) ?? byKey.set(key, { labels, chunks: [] }).get(key)!;
      known.chunks.push(...chunks);
    }
  }
  splitter.end();
  return [...byKey.values()].map(({ labels, chunks }) => ({ labels, data: { kind: 'chunks', chunks } }));
}
