import type { Endpoint } from '../../cluster/topology.ts';
import type { ReplicaView } from '../../model/request-scope.ts';
import type { KnownSeries } from '../../wire/batch/known-series.ts';
import type { BatchOrigin } from '../../wire/batch/recognition.ts';
import type { SeriesBatch } from '../../wire/batch/series-batch.ts';
import type { LabelSets } from '../../wire/batch/label-sets.ts';

/** The series of one endpoint, on their way into groups. */
export interface Reply {
  readonly endpoint: Endpoint;
  /** The shard's labels as text. */
  readonly shard: string;
  readonly batch: SeriesBatch;
  /** What has to hold for its series, as one text; those for which it does not are in no group. */
  readonly wanted: string;
}

/** What groups follow from labels, endpoints, what is wanted and the view of replicas alone; nothing in it ever changes. */
export interface Grouping {
  readonly ids: LabelSets;
  /** Names of replicas by their number. */
  readonly replicas: readonly string[];
  /** By the number of a replica: a number that those share whose samples are those of one server. */
  readonly sources: Uint32Array;
  /** Numbers of label sets, sorted. */
  readonly order: Int32Array;
  /** By position: where the members of a group end. */
  readonly ends: Uint32Array;
  /** Members by group, ordered by the name of their replica: which answer they are of, and which series of it. */
  readonly answerOf: Uint32Array;
  readonly seriesOf: Int32Array;
  /** By answer: the number of each series' replica. */
  readonly replicaOf: readonly Uint32Array[];
}

type View = Pick<ReplicaView, 'replicaLabels' | 'mergedHere'>;

interface Remembered {
  readonly view: string;
  readonly replies: readonly RememberedReply[];
  readonly grouping: Grouping;
  readonly bytes: number;
}

/** Weak where it must not keep alive what has gone. */
interface RememberedReply {
  readonly endpoint: WeakRef<Endpoint>;
  readonly shard: string;
  readonly wanted: string;
  readonly known: WeakRef<KnownSeries>;
  readonly sets: Buffer;
  readonly overlaid: string;
}

/** Of one selector: ranges differ in their series, and callers in what they merge. */
const MOST_GROUPINGS = 4;

/**
 * How the series of answers were grouped before. Answers whose series are all known, and are the same in the same order, from the
 * same endpoints as known at the same time, and checked for the same, have the same groups: nothing is compared, sorted or placed again. It lives as
 * long as the label sets that it is about, and counts as a part of them.
 */
export class GroupMemory {
  readonly #groupings = new WeakMap<KnownSeries, Remembered[]>();

  /** Undefined where these were not grouped before, or that was forgotten. */
  find(replies: readonly Reply[], view: View): Grouping | undefined {
    const origins = originsOf(replies);
    if (origins === undefined) return undefined;
    const text = viewText(view);
    for (const { known } of origins)
      for (const remembered of this.#groupings.get(known) ?? [])
        if (remembered.view === text && isOf(remembered, replies, origins)) return remembered.grouping;
    return undefined;
  }

  keep(replies: readonly Reply[], view: View, grouping: Grouping): void {
    const origins = originsOf(replies);
    const holder = origins?.find(({ known }) => known.table === grouping.ids.table)?.known;
    if (origins === undefined || holder === undefined) return;
    const remembered = {
      view: viewText(view),
      replies: replies.map(({ endpoint, shard, wanted }, i) => ({
        endpoint: new WeakRef(endpoint),
        shard,
        wanted,
        known: new WeakRef(origins[i]!.known),
        sets: bytesOf(origins[i]!.sets),
        overlaid: origins[i]!.overlaid,
      })),
      grouping,
      bytes: weightOf(grouping),
    };
    const all = this.#groupings.get(holder) ?? [];
    this.#groupings.set(holder, all);
    if (all.length === MOST_GROUPINGS) holder.keepBeside(-all.shift()!.bytes);
    all.push(remembered);
    holder.keepBeside(remembered.bytes);
  }
}

function originsOf(replies: readonly Reply[]): readonly BatchOrigin[] | undefined {
  const origins: BatchOrigin[] = [];
  for (const { batch } of replies) {
    const origin = batch.recognition?.originOf(batch.length);
    if (origin === undefined) return undefined;
    origins.push(origin);
  }
  return origins;
}

function isOf({ replies }: Remembered, others: readonly Reply[], origins: readonly BatchOrigin[]): boolean {
  return (
    replies.length === others.length &&
    replies.every(({ endpoint, shard, wanted, known, sets, overlaid }, i) => {
      const [other, origin] = [others[i]!, origins[i]!];
      return (
        endpoint.deref() === other.endpoint &&
        shard === other.shard &&
        wanted === other.wanted &&
        known.deref() === origin.known &&
        overlaid === origin.overlaid &&
        sets.equals(bytesOf(origin.sets))
      );
    })
  );
}

function viewText({ replicaLabels, mergedHere }: View): string {
  return JSON.stringify([replicaLabels, [...mergedHere]]);
}

function bytesOf({ buffer, byteOffset, byteLength }: BatchOrigin['sets']): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

function weightOf({ ids, order, ends, answerOf, seriesOf, replicaOf, sources }: Grouping): number {
  const columns = [order, ends, answerOf, seriesOf, sources, ...replicaOf];
  // The sets of the answers are as large as their replicas.
  const sets = replicaOf.reduce((bytes, column) => bytes + column.byteLength, 0);
  return columns.reduce((bytes, column) => bytes + column.byteLength, ids.bytes + sets);
}
