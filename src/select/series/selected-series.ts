import { dedupe, Deduplication } from '../../dedup/dedupe.ts';
import type { Replica } from '../../dedup/replica.ts';
import type { SelectedSeries } from '../../engine/series-source.ts';
import type { Labels } from '../../model/labels.ts';
import { LazyList, type ItemList } from '../../model/lazy-list.ts';
import type { Pace } from '../../model/pacer.ts';
import type { SampleBuffer } from '../../model/sample-columns.ts';
import { dedupOptionsFor, type DedupContext } from './dedup-options.ts';
import type { Findings } from '../completeness/findings.ts';
import { ReadScratch, tryReadReplica, tryReadReplicaPaced } from '../reading/read-replica.ts';
import type { ReplicaData, SeriesGroup } from '../reading/replica-data.ts';
import type { SeriesGroups } from '../reading/series-groups.ts';

/** What all series of one selection share. */
export interface ReadContext extends DedupContext {
  /** Looks at each series that was read, and takes down what cannot be. */
  readonly findings: Findings;
}

/**
 * Turns groups into series that the engine reads: decode each replica, then deduplicate. Nothing is decoded before
 * it is read, and all reads share their buffers, so memory stays at about the bytes received.
 */
export function selectedSeries(groups: SeriesGroups, context: ReadContext): ItemList<SelectedSeries> {
  const reader = new GroupReader(groups, context);
  return new LazyList(groups.length, (position) => new GroupSeries(reader, position));
}

class GroupSeries implements SelectedSeries {
  readonly #reader: GroupReader;
  readonly #position: number;

  constructor(reader: GroupReader, position: number) {
    this.#reader = reader;
    this.#position = position;
  }

  get labels(): Labels {
    return this.#reader.groups.labels(this.#position);
  }

  get metricName(): string {
    return this.#reader.groups.metricName(this.#position);
  }

  labelOf(name: string): string {
    return this.#reader.groups.labelOf(this.#position, name);
  }

  get dropName(): false {
    return false;
  }

  read(target: SampleBuffer): void {
    this.#reader.read(this.#position, target);
  }

  readPaced(target: SampleBuffer, pace: Pace): void | Promise<void> {
    return this.#reader.readPaced(this.#position, target, pace);
  }
}

class GroupReader {
  readonly groups: SeriesGroups;
  readonly #context: ReadContext;
  readonly #scratch = new ReadScratch();
  /** Of long series: a read that gave way may be overtaken by others. */
  #own: OwnBuffers | undefined;

  constructor(groups: SeriesGroups, context: ReadContext) {
    this.groups = groups;
    this.#context = context;
  }

  read(position: number, target: SampleBuffer): void {
    this.#readShort(this.groups.at(position), target);
  }

  #readShort(group: SeriesGroup, target: SampleBuffer): void {
    const { findings } = this.#context;
    const { replicas } = group;
    if (replicas.length === 1) {
      const problem = tryReadReplica(replicas[0]!.pieces, group.range, target, this.#scratch);
      if (problem !== undefined) findings.unreadable(group, replicas[0]!, problem, []);
    } else {
      const readable = readReplicas(group, this.#context, this.#scratch);
      target.clear();
      dedupe(readable, target, dedupOptionsFor(this.#context, group));
    }
    findings.look(group, target);
  }

  readPaced(position: number, target: SampleBuffer, pace: Pace): void | Promise<void> {
    const group = this.groups.at(position);
    if (isLong(group)) return this.#readLong(group, target, pace);
    this.#readShort(group, target);
  }

  async #readLong(group: SeriesGroup, target: SampleBuffer, pace: Pace): Promise<void> {
    const own = this.#own ?? { scratch: new ReadScratch(), deduplication: new Deduplication() };
    this.#own = undefined;
    const { replicas, range } = group;
    const tried: TriedReplica[] = [];
    for (const [i, replica] of replicas.entries()) {
      // A single one is the series.
      const columns = replicas.length === 1 ? target : own.scratch.replica(i);
      const problem = await tryReadReplicaPaced(replica.pieces, range, columns, own.scratch, pace);
      tried.push({ name: replica.name, columns, replica, problem });
    }
    const readable = toReadable(group, this.#context, tried);
    if (replicas.length > 1) {
      target.clear();
      own.deduplication.begin(readable, target, dedupOptionsFor(this.#context, group));
      while (own.deduplication.step()) if (pace.due()) await pace.breathe();
    }
    this.#context.findings.look(group, target);
    this.#own = own;
  }
}

/** What the read of a long series works with while it gives way. */
interface OwnBuffers {
  readonly scratch: ReadScratch;
  readonly deduplication: Deduplication;
}

/** Reading this many bytes of chunks, or samples that are no chunks, takes some milliseconds. */
const LONG_BYTES = 64 * 1024;
const LONG_COLUMNS = 100_000;

function isLong({ replicas }: SeriesGroup): boolean {
  let bytes = 0;
  let samples = 0;
  for (const { pieces } of replicas)
    for (const piece of pieces)
      if (piece.kind === 'columns') samples += piece.columns.length;
      else for (const { data } of piece.chunks) bytes += data.length;
  return bytes > LONG_BYTES || samples > LONG_COLUMNS;
}

/** One replica's samples of a series, until the next series is read with the same buffers. */
export interface ReadableReplica extends Replica {
  readonly replica: ReplicaData;
}

/** Decodes each replica of a series; those whose bytes cannot be decoded are reported and left out. */
export function readReplicas(
  group: SeriesGroup,
  context: Pick<ReadContext, 'findings'>,
  scratch: ReadScratch,
): readonly ReadableReplica[] {
  const tried = group.replicas.map((replica, i): TriedReplica => {
    const columns = scratch.replica(i);
    const problem = tryReadReplica(replica.pieces, group.range, columns, scratch);
    return { name: replica.name, columns, replica, problem };
  });
  return toReadable(group, context, tried);
}

interface TriedReplica extends ReadableReplica {
  /** What is wrong with its bytes; undefined where nothing is. */
  readonly problem: string | undefined;
}

function toReadable(
  group: SeriesGroup,
  { findings }: Pick<ReadContext, 'findings'>,
  tried: readonly TriedReplica[],
): readonly ReadableReplica[] {
  if (tried.every(({ problem }) => problem === undefined)) return tried;
  const readable = tried.filter(({ problem }) => problem === undefined);
  // What stands in for one is known only now.
  const others = readable.map(({ replica }) => replica);
  for (const { replica, problem } of tried)
    if (problem !== undefined) findings.unreadable(group, replica, problem, others);
  return readable;
}
