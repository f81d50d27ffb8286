import type { Endpoint } from '../../cluster/topology.ts';
import { METRIC_IDENTITY, METRIC_NAME, type Labels } from '../../model/labels.ts';
import type { Pacer } from '../../model/pacer.ts';
import type { DownsampledData, RawData } from '../../model/raw-data.ts';
import type { ChunkColumns, ChunkWeight } from '../../wire/batch/chunk-columns.ts';
import type { ChunkVisitor, Extent, SpanMeasure } from '../../wire/batch/extent.ts';
import type { LabelSets } from '../../wire/batch/label-sets.ts';
import type { AnsweredSeries } from './answered-series.ts';
import type { Grouping } from './group-memory.ts';
import type { FetchedRange, ReplicaData, SeriesGroup } from './replica-data.ts';

/** Numbers of its group, its replica, its answer and itself. */
const BYTES_PER_RECEIVED = 16;
/** Its place in the order, and the object that the engine holds. */
const BYTES_PER_GROUP = 64;

/** An answer whose series were placed. */
type PlacedAnswer = Pick<AnsweredSeries, 'endpoint' | 'shard' | 'batch' | 'replica'>;

export interface SeriesGroupsParts extends Omit<Grouping, 'replicaOf'> {
  readonly answers: readonly PlacedAnswer[];
  readonly range: FetchedRange;
  /** Memory that the labels of the other answers took in the table of one, bytes. */
  readonly adopted: number;
}

/**
 * The series of a selection, each with where its samples come from: sorted by labels, each label set once. Columns of
 * numbers; a group becomes an object where somebody looks at it.
 */
export class SeriesGroups {
  readonly #parts: SeriesGroupsParts;
  /** Groups that were read again, by position. */
  readonly #replaced = new Map<number, SeriesGroup>();

  constructor(parts: SeriesGroupsParts) {
    this.#parts = parts;
  }

  get length(): number {
    return this.#parts.order.length;
  }

  get range(): FetchedRange {
    return this.#parts.range;
  }

  /** Memory that the columns take beside the answers, and what each series is read through, about. */
  get bytes(): number {
    return (
      BYTES_PER_RECEIVED * this.#parts.seriesOf.length +
      BYTES_PER_GROUP * this.length +
      this.#parts.ids.bytes +
      this.#parts.adopted
    );
  }

  /** The label sets that {@link setAt} numbers; those of the same series may come again. */
  get sets(): LabelSets {
    return this.#parts.ids;
  }

  setAt(position: number): number {
    return this.#parts.order[position]!;
  }

  *positions(): Generator<number> {
    for (let position = 0; position < this.length; position++) yield position;
  }

  /** A new object each time. */
  labels(position: number): Labels {
    const { ids, order } = this.#parts;
    return ids.flat(order[position]!);
  }

  metricName(position: number): string {
    return this.labelOf(position, METRIC_NAME);
  }

  /** The value of a label; the empty string where there is none. */
  labelOf(position: number, name: string): string {
    return this.#parts.ids.value(this.#parts.order[position]!, name);
  }

  /** Whether all series have the same of the labels that say what a metric is. */
  async isOneMetric(pacer: Pacer): Promise<boolean> {
    const { ids, order } = this.#parts;
    let isOne = true;
    await pacer.times(order.length, (i) => {
      isOne &&= i === 0 || ids.agree(order[i - 1]!, order[i]!, METRIC_IDENTITY);
    });
    return isOne;
  }

  at(position: number): SeriesGroup {
    return this.#replaced.get(position) ?? new GroupView(this, position);
  }

  /** Puts a group that was read again in the place of one with the same labels. */
  replace(position: number, group: SeriesGroup): void {
    this.#replaced.set(position, group);
  }

  /** How many series were received for a group: one of each replica, more where a replica sent its series in several. */
  received(position: number): number {
    return this.#parts.ends[position]! - this.#start(position);
  }

  /** Where each series received for a group came from, ordered by the name of the replica. */
  endpointsOf(position: number): readonly Endpoint[] {
    const { answers, answerOf, ends } = this.#parts;
    const endpoints: Endpoint[] = [];
    for (let member = this.#start(position); member < ends[position]!; member++)
      endpoints.push(answers[answerOf[member]!]!.endpoint);
    return endpoints;
  }

  /** One of those that a group came from. */
  anyEndpoint(position: number): Endpoint {
    const { answers, answerOf } = this.#parts;
    return answers[answerOf[this.#start(position)]!]!.endpoint;
  }

  /** Where a group came from that came as one series; undefined where it came as several. */
  soleEndpoint(position: number): Endpoint | undefined {
    const { answers, answerOf } = this.#parts;
    return this.received(position) === 1 ? answers[answerOf[this.#start(position)]!]!.endpoint : undefined;
  }

  /** Visits the chunks of a group that came as one series, see {@link SeriesBatch.eachChunk}. */
  eachChunk(position: number, visit: ChunkVisitor): boolean {
    const { answers, answerOf, seriesOf } = this.#parts;
    const member = this.#start(position);
    return answers[answerOf[member]!]!.batch.eachChunk(seriesOf[member]!, visit);
  }

  /**
   * Finds where the samples of all pieces lie, without an object for each group, and returns the greatest of what
   * {@link SeriesBatch.addExtent} finds in the pieces, each of which `note` hears of. Infinite where only decoding tells, as of a
   * group that was read again; the extent then says nothing.
   */
  measure(
    position: number,
    extent: Extent,
    measure: SpanMeasure,
    note: (endpoint: Endpoint, value: number) => void,
  ): number {
    extent.first = Infinity;
    extent.last = -Infinity;
    extent.most = 0;
    if (this.#replaced.has(position)) return Infinity;
    const { answers, answerOf, seriesOf, ends } = this.#parts;
    let greatest = -Infinity;
    for (let member = this.#start(position); member < ends[position]!; member++) {
      const { batch, endpoint } = answers[answerOf[member]!]!;
      const value = batch.addExtent(seriesOf[member]!, extent, measure);
      note(endpoint, value);
      greatest = Math.max(greatest, value);
    }
    return greatest;
  }

  /**
   * Adds what the chunks of a group weigh; false where some of its samples are no chunks of these kinds, or where it was read
   * again.
   */
  weigh(position: number, encodings: ReadonlySet<number>, weight: ChunkWeight): boolean {
    if (this.#replaced.has(position)) return false;
    const { answers, answerOf, seriesOf, ends } = this.#parts;
    for (let member = this.#start(position); member < ends[position]!; member++)
      if (!answers[answerOf[member]!]!.batch.weigh(seriesOf[member]!, encodings, weight)) return false;
    return true;
  }

  /** Copies the chunks of a group, replica by replica in the order of their names; `endReplica` is called after each. */
  copyChunks(position: number, target: ChunkColumns, endReplica: () => void): void {
    const { answers, answerOf, seriesOf, ends } = this.#parts;
    const start = this.#start(position);
    for (let member = start; member < ends[position]!; member++) {
      const { batch, replica } = answers[answerOf[member]!]!;
      const series = seriesOf[member]!;
      if (member > start && this.#parts.sources[replica[series]!] !== this.#sourceOf(member - 1))
        endReplica();
      batch.copyChunks(series, target);
    }
    endReplica();
  }

  #sourceOf(member: number): number {
    const { answers, answerOf, seriesOf, sources } = this.#parts;
    return sources[answers[answerOf[member]!]!.replica[seriesOf[member]!]!]!;
  }

  /** The endpoints of which a series comes more than once: from others too, or from several replicas in one. */
  sharers(): readonly Endpoint[] {
    const { answers, answerOf, ends } = this.#parts;
    const shares = new Set<PlacedAnswer>();
    for (let position = 0, start = 0; position < ends.length; start = ends[position++]!) {
      if (ends[position]! - start < 2) continue;
      const first = answers[answerOf[start]!]!;
      const source = this.#sourceOf(start);
      for (let member = start + 1; member < ends[position]!; member++) {
        const other = answers[answerOf[member]!]!;
        if (this.#sourceOf(member) === source) continue;
        shares.add(first).add(other);
      }
    }
    return [...shares].map(({ endpoint }) => endpoint);
  }

  replicas(position: number): readonly ReplicaData[] {
    const { answers, answerOf, seriesOf, ends, replicas, sources } = this.#parts;
    const found: OpenReplica[] = [];
    let newest = -1;
    for (let member = this.#start(position); member < ends[position]!; member++) {
      const { batch, endpoint, shard, replica } = answers[answerOf[member]!]!;
      const series = seriesOf[member]!;
      const data = batch.data(series);
      const downsampled = batch.downsampled(series);
      if (newest >= 0 && sources[replica[series]!] === sources[newest]) {
        const open = found[found.length - 1]!;
        open.pieces.push(...data);
        if (downsampled !== undefined) (open.downsampled ??= []).push(downsampled);
        continue;
      }
      newest = replica[series]!;
      found.push({
        endpoint,
        shard,
        name: replicas[newest]!,
        pieces: [...data],
        downsampled: downsampled && [downsampled],
      });
    }
    return found;
  }

  #start(position: number): number {
    return position === 0 ? 0 : this.#parts.ends[position - 1]!;
  }
}

interface OpenReplica extends ReplicaData {
  readonly pieces: RawData[];
  downsampled: DownsampledData[] | undefined;
}

class GroupView implements SeriesGroup {
  readonly #groups: SeriesGroups;
  readonly #position: number;
  #labels: Labels | undefined;
  #replicas: readonly ReplicaData[] | undefined;

  constructor(groups: SeriesGroups, position: number) {
    this.#groups = groups;
    this.#position = position;
  }

  get labels(): Labels {
    return (this.#labels ??= this.#groups.labels(this.#position));
  }

  get metricName(): string {
    return this.#groups.metricName(this.#position);
  }

  get range(): FetchedRange {
    return this.#groups.range;
  }

  get replicas(): readonly ReplicaData[] {
    return (this.#replicas ??= this.#groups.replicas(this.#position));
  }
}
