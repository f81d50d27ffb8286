import type { Leaf } from '../../../src/engine/leaf/leaf.ts';
import { gridBetween } from '../../../src/engine/step-grid.ts';
import { SampleBuffer } from '../../../src/model/sample-columns.ts';
import type { RowTask } from '../../../src/select/offload/row-task.ts';
import { ChunkColumns } from '../../../src/wire/batch/chunk-columns.ts';
import { encodeColumns } from '../../../src/wire/chunk/encode.ts';

/** An instant selector at one time, ms. */
export function leafAt(time: number): Leaf {
  return {
    kind: 'instant',
    output: 'value',
    grid: gridBetween(time, time, 1),
    shift: { offset: 0, time: undefined, inParameter: false },
    lookbackDelta: 300_000,
    statsOnly: false,
  };
}

/** A task of one series from one replica with a single sample. */
export function taskOf(t: number, v: number, leaf: Leaf = leafAt(t)): RowTask {
  const samples = new SampleBuffer();
  samples.push(t, v);
  const [chunk] = encodeColumns(samples);
  const chunks = new ChunkColumns({ chunks: 1, bytes: chunk!.data.length });
  chunks.add(chunk!.encoding, chunk!.minTime, chunk!.maxTime, chunk!.data.length);
  chunks.addBytes(chunk!.data);
  return {
    leaf,
    dedup: { dedupMode: 'gap-aware', func: '' },
    range: { minTime: 0, maxTime: t, completeUntil: t },
    metricNames: ['m'],
    nameOf: Uint32Array.of(0),
    replicaEnds: Uint32Array.of(1),
    chunkEnds: Uint32Array.of(1),
    chunks: {
      encodings: chunks.encodings,
      minTimes: chunks.minTimes,
      maxTimes: chunks.maxTimes,
      sizes: chunks.sizes,
      bytes: chunks.bytes,
    },
  };
}
