import type { Leaf } from '../../engine/leaf/leaf.ts';
import { ChunkEncoding } from '../../model/chunk.ts';
import { ChunkColumns, type ChunkWeight } from '../../wire/batch/chunk-columns.ts';
import type { SeriesGroups } from '../reading/series-groups.ts';

import type { DedupContext } from '../series/dedup-options.ts';
import type { RowTask } from './row-task.ts';

/** Rows of histograms are objects, which threads cannot hand over. */
export const FLOAT_ENCODINGS: ReadonlySet<number> = new Set([ChunkEncoding.xor, ChunkEncoding.xor2]);

/** Rows of a task take this much at most, bytes, but for those of a single series. */
const ROW_BYTES_PER_TASK = 2_000_000;
const BYTES_PER_STEP = 9;
/** Series with more replicas, which nobody has, are read where they are. */
const MOST_REPLICAS = 1000;

/** Chunks with fewer samples are decoded about as fast as they are sent. */
const SAMPLES_PER_CHUNK = 60;
/** Of so many series the first ones tell how many samples the chunks of all have. */
const LOOK_AT = 1000;

/**
 * Samples in all windows of a task at most, about, but for those of a single series. Nothing ends a task that a thread has begun, and
 * some functions look at each of the samples: this many take a fifth of a second then.
 */
const MOST_VISITS = 20_000_000;
/** Where a single series has more, rows are made in slices by the thread of the request, which ends when the request does. */
const MOST_VISITS_OF_SERIES = 100_000_000;

/** In how many windows a sample lies at most. */
function overlapOf(leaf: Leaf): number {
  const { count, interval } = leaf.grid;
  if (leaf.kind === 'instant' || count <= 1) return 1;
  return leaf.shift.time === undefined ? Math.min(Math.max(leaf.range / interval, 1), count) : count;
}

/** The part of {@link SeriesGroups} that tells what series weigh. */
type Weighed = Pick<SeriesGroups, 'length' | 'received' | 'weigh'>;

/**
 * Whether a selection has so many samples, those of all replicas together, and so many in each chunk, that other threads should make
 * its rows, and none of its rows takes too long for that. Looks at no more series than it takes to know: those of one selection
 * are scraped alike.
 */
export function isWorthwhile(groups: Weighed, leaf: Leaf, samples: number): boolean {
  const weight = { chunks: 0, bytes: 0, samples: 0 };
  const most = MOST_VISITS_OF_SERIES / overlapOf(leaf);
  for (let at = 0; at < groups.length && weight.samples < samples; at++) {
    const before = weight.samples;
    groups.weigh(at, FLOAT_ENCODINGS, weight);
    if (weight.samples - before > most * groups.received(at)) return false;
    if (at === LOOK_AT && weight.samples < SAMPLES_PER_CHUNK * weight.chunks) return false;
  }
  return weight.samples >= samples && weight.samples >= SAMPLES_PER_CHUNK * weight.chunks;
}

/** Series of one selection that make a task: positions from `from` to `to`, which is exclusive. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly weight: ChunkWeight;
}

/**
 * The positions from one on that make the next task.
 * @param samples about as many as a task should have, those of all replicas together.
 * @param may whether the series at a position may be sent.
 * @returns undefined where the very first one may not, or has other samples than chunks of floats.
 */
export function nextStretch(
  groups: Weighed,
  from: number,
  leaf: Leaf,
  samples: number,
  may: (position: number) => boolean,
): Stretch | undefined {
  const most = Math.max(1, Math.floor(ROW_BYTES_PER_TASK / (BYTES_PER_STEP * Math.max(leaf.grid.count, 1))));
  const enough = Math.min(samples, MOST_VISITS / overlapOf(leaf));
  const weight = { chunks: 0, bytes: 0, samples: 0 };
  let to = from;
  for (; to < groups.length && to - from < most && weight.samples < enough; to++) {
    const more = { chunks: 0, bytes: 0, samples: 0 };
    if (groups.received(to) > MOST_REPLICAS || !may(to) || !groups.weigh(to, FLOAT_ENCODINGS, more)) break;
    weight.chunks += more.chunks;
    weight.bytes += more.bytes;
    weight.samples += more.samples;
  }
  return to === from ? undefined : { from, to, weight };
}

/** Copies the series of a stretch into columns that can be handed over. */
export function writeTask(
  groups: SeriesGroups,
  { from, to, weight }: Stretch,
  leaf: Leaf,
  { dedupMode, func }: DedupContext,
): RowTask {
  const chunks = new ChunkColumns(weight);
  const names = new Map<string, number>();
  const nameOf = new Uint32Array(to - from);
  const replicaEnds = new Uint32Array(to - from);
  const chunkEnds: number[] = [];
  for (let position = from; position < to; position++) {
    const name = groups.metricName(position);
    const known = names.get(name) ?? names.size;
    names.set(name, known);
    nameOf[position - from] = known;
    groups.copyChunks(position, chunks, () => chunkEnds.push(chunks.length));
    replicaEnds[position - from] = chunkEnds.length;
  }
  const { encodings, minTimes, maxTimes, sizes, bytes } = chunks;
  return {
    leaf,
    dedup: { dedupMode, func },
    range: groups.range,
    metricNames: [...names.keys()],
    nameOf,
    replicaEnds,
    chunkEnds: Uint32Array.from(chunkEnds),
    chunks: { encodings, minTimes, maxTimes, sizes, bytes },
  };
}

/** Facts of a chunk, and what is kept of a series beside its row. */
const BYTES_PER_CHUNK = 21;
const BYTES_PER_SERIES = 24;

/** Memory that a task and its answer take together. */
export function taskBytes({ from, to, weight }: Stretch, { grid }: Leaf): number {
  return (
    weight.bytes +
    BYTES_PER_CHUNK * weight.chunks +
    (to - from) * (BYTES_PER_STEP * grid.count + BYTES_PER_SERIES)
  );
}

/** What of a task is handed over and not copied. */
export function buffersOf({ nameOf, replicaEnds, chunkEnds, chunks }: RowTask): readonly ArrayBuffer[] {
  const { encodings, minTimes, maxTimes, sizes, bytes } = chunks;
  return [nameOf, replicaEnds, chunkEnds, encodings, minTimes, maxTimes, sizes, bytes].map(
    ({ buffer }) => buffer as ArrayBuffer,
  );
}
