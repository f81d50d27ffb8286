import { SampleBuffer, appendWithin } from '../../model/sample-columns.ts';
import type { AggrChunk } from '../../model/aggr-chunk.ts';
import type { Annotation } from '../../model/annotations.ts';
import { ChunkEncoding, type EncodedChunk } from '../../model/chunk.ts';
import type { Labels } from '../../model/labels.ts';
import type { TimeRange } from '../../model/time-range.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import type { SelectedSeries } from '../../engine/series-source.ts';
import { encodeColumns } from '../../wire/chunk/encode.ts';
import type { SelectionContext } from '../context.ts';
import { byTime, downsampledChunks } from './downsampled.ts';
import type { FetchRequest } from './fetch.ts';
import { openSelect } from './open-select.ts';
import { LazyList, type ItemList } from '../../model/lazy-list.ts';
import type { ReplicaData, SeriesGroup } from '../reading/replica-data.ts';
import type { SeriesGroups } from '../reading/series-groups.ts';
import { selectedSeries } from './selected-series.ts';

/** Series for a caller that stores or merges them, and does not evaluate. */
export interface ChunkSet {
  /** Sorted by labels, each label set once. */
  readonly series: ItemList<ChunkSeries>;
  /** As those of a {@link SelectedSet}: complete only after the last `read()`. */
  readonly annotations: readonly Annotation[];
}

export interface ChunkSeries {
  readonly labels: Labels;
  /**
   * Its chunks by time; empty where it has no sample in the range. Raw ones do not overlap. Those that one replica alone
   * has are passed on as they came and may begin before and end after the range; the others are merged, deduplicated and
   * encoded anew, without start timestamps. Downsampled ones are those of all replicas, see {@link downsampledChunks}.
   * Throws `unavailable` as `SelectedSeries.read` does.
   */
  read(): readonly AggrChunk[];
}

/**
 * The encodings that thanos.Chunk has numbers for. Those with start timestamps (XOR2 and the later histogram chunks) are
 * written anew without them: a request cannot say that its caller knows them, and a Thanos querier fails on a number
 * that it does not know (pkg/query/iter.go, chunkEncoding), though sidecars pass on what their Prometheus sends.
 */
const WIDELY_KNOWN: ReadonlySet<number> = new Set([
  ChunkEncoding.xor,
  ChunkEncoding.histogram,
  ChunkEncoding.floatHistogram,
]);

/**
 * Selects series as compressed chunks. Series that differ by labels that are merged here become one, without those
 * labels. Throws as `SeriesSource.select` does.
 */
export async function selectChunks(
  context: SelectionContext,
  scope: RequestScope,
  request: FetchRequest,
): Promise<ChunkSet> {
  const { groups, findings, reading } = await openSelect(context, scope, request);
  const readable = selectedSeries(groups, reading);
  const encode = encoder(request);
  const watched = new SampleBuffer();
  const readChunks = (position: number): readonly AggrChunk[] => {
    const group = groups.at(position);
    const series = readable.at(position)!;
    const asTheyCame = passedOn(group, request);
    // What is passed on unread may have holes all the same.
    if (asTheyCame !== undefined && findings.watches(group)) series.read(watched);
    const raw = (asTheyCame ?? encode(series)).map(toAggrChunk);
    const downsampled = downsampledChunks(group, request);
    return downsampled.length === 0 ? raw : [...raw, ...downsampled].sort(byTime);
  };
  return {
    series: new LazyList(groups.length, (position) => new GroupChunks(groups, position, readChunks)),
    get annotations() {
      return findings.list();
    },
  };
}

class GroupChunks implements ChunkSeries {
  readonly #groups: SeriesGroups;
  readonly #position: number;
  readonly #read: (position: number) => readonly AggrChunk[];

  constructor(groups: SeriesGroups, position: number, read: (position: number) => readonly AggrChunk[]) {
    this.#groups = groups;
    this.#position = position;
    this.#read = read;
  }

  get labels(): Labels {
    return this.#groups.labels(this.#position);
  }

  read(): readonly AggrChunk[] {
    return this.#read(this.#position);
  }
}

/** The chunks of the range as they came; undefined where they have to be merged or are not widely known. */
function passedOn(
  { replicas }: SeriesGroup,
  { minTime, maxTime }: TimeRange,
): readonly EncodedChunk[] | undefined {
  const holders = replicas.filter(holdsSamples);
  if (holders.length > 1) return undefined;
  const chunks: EncodedChunk[] = [];
  for (const piece of holders[0]?.pieces ?? []) {
    if (piece.kind !== 'chunks') return undefined;
    for (const chunk of piece.chunks)
      if (chunk.maxTime >= minTime && chunk.minTime <= maxTime) chunks.push(chunk);
  }
  chunks.sort((a, b) => a.minTime - b.minTime);
  const asTheyAre = chunks.every(
    ({ encoding, minTime: from }, i) =>
      WIDELY_KNOWN.has(encoding) && (i === 0 || from > chunks[i - 1]!.maxTime),
  );
  return asTheyAre ? chunks : undefined;
}

/** False where a replica has downsampled data alone. */
function holdsSamples({ pieces, downsampled }: ReplicaData): boolean {
  if (downsampled === undefined) return true;
  return pieces.some((piece) =>
    piece.kind === 'chunks' ? piece.chunks.length > 0 : piece.columns.length > 0,
  );
}

function toAggrChunk(chunk: EncodedChunk): AggrChunk {
  return { minTime: chunk.minTime, maxTime: chunk.maxTime, raw: chunk, aggregates: undefined };
}

/** Reads series and encodes what is in the range; all series share two buffers. */
function encoder({ minTime, maxTime }: TimeRange): (series: SelectedSeries) => readonly EncodedChunk[] {
  const [all, inside] = [new SampleBuffer(), new SampleBuffer()];
  return (series) => {
    series.read(all);
    inside.clear();
    appendWithin(inside, all, minTime, maxTime);
    return encodeColumns(inside);
  };
}
