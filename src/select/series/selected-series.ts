import { dedupe } from '../../dedup/dedupe.ts';
import type { Replica } from '../../dedup/replica.ts';
import type { SelectedSeries } from '../../engine/series-source.ts';
import type { Labels } from '../../model/labels.ts';
import { LazyList, type ItemList } from '../../model/lazy-list.ts';
import type { SampleBuffer } from '../../model/sample-columns.ts';
import { dedupOptionsFor, type DedupContext } from './dedup-options.ts';
import type { Findings } from '../completeness/findings.ts';
import { ReadScratch, tryReadReplica } from '../reading/read-replica.ts';
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
}

class GroupReader {
  readonly groups: SeriesGroups;
  readonly #context: ReadContext;
  readonly #scratch = new ReadScratch();

  constructor(groups: SeriesGroups, context: ReadContext) {
    this.groups = groups;
    this.#context = context;
  }

  read(position: number, target: SampleBuffer): void {
    const group = this.groups.at(position);
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
}

/** One replica's samples of a series, until the next series is read with the same buffers. */
export interface ReadableReplica extends Replica {
  readonly replica: ReplicaData;
}

/** Decodes each replica of a series; those whose bytes cannot be decoded are reported and left out. */
export function readReplicas(
  group: SeriesGroup,
  { findings }: Pick<ReadContext, 'findings'>,
  scratch: ReadScratch,
): readonly ReadableReplica[] {
  const readable: ReadableReplica[] = [];
  const broken: { readonly replica: ReplicaData; readonly problem: string }[] = [];
  group.replicas.forEach((replica, i) => {
    const columns = scratch.replica(i);
    const problem = tryReadReplica(replica.pieces, group.range, columns, scratch);
    if (problem === undefined) readable.push({ name: replica.name, columns, replica });
    else broken.push({ replica, problem });
  });
  // What stands in for one is known only now.
  for (const { replica, problem } of broken)
    findings.unreadable(
      group,
      replica,
      problem,
      readable.map((other) => other.replica),
    );
  return readable;
}
