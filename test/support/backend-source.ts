import type { Backend } from '../../src/backend/backend.ts';
import type { RawData } from '../../src/model/raw-data.ts';
import type { SeriesSource } from '../../src/engine/series-source.ts';
import { QueryError } from '../../src/model/errors.ts';
import { compareLabels } from '../../src/model/labels.ts';
import { appendRange, type SampleBuffer } from '../../src/model/sample-columns.ts';
import { decodeChunk } from '../../src/wire/chunk/decode.ts';
import { scopeWith } from './scopes.ts';
import type { Annotation } from '../../src/model/annotations.ts';

/**
 * One backend as the engine's source, without routing and deduplication: its label sets must be unique and its
 * chunks must not overlap.
 */
export function sourceOf(backend: Backend): SeriesSource {
  return {
    async select({ matchers, minTime, maxTime, hints }, signal) {
      const answer = await backend.select(scopeWith({}, signal), { matchers, minTime, maxTime, hints });
      if (!answer.ok) throw new QueryError('unavailable', answer.failure.reason);
      const series = [...answer.value.series]
        .map(({ labels, data }) => ({
          labels,
          dropName: false as const,
          read(target: SampleBuffer): void {
            target.clear();
            readInto(target, data);
          },
        }))
        .sort((a, b) => compareLabels(a.labels, b.labels));
      const annotations = answer.value.annotations.map((note): Annotation =>
        note.kind === 'incomplete'
          ? {
              kind: 'reported',
              shard: '{}',
              endpoint: backend.address,
              message: note.message,
              replaced: false,
            }
          : note,
      );
      return { series, annotations };
    },
  };
}

function readInto(target: SampleBuffer, data: RawData): void {
  if (data.kind === 'columns') appendRange(target, data.columns, 0, data.columns.length);
  else for (const chunk of data.chunks) decodeChunk(chunk, target, -Infinity, Infinity);
}
