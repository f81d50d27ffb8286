import type { Endpoint } from '../../cluster/topology.ts';
import type { ReplicaView } from '../../model/request-scope.ts';
import type { SeriesBatch } from '../../wire/batch/series-batch.ts';
import { discard } from '../../wire/batch/growing.ts';
import type { LabelTable } from '../../wire/batch/label-table.ts';
import type { LabelSets } from '../../wire/batch/label-sets.ts';
import { mergedLabels } from './label-merger.ts';
import type { ReplicaNumbers } from './replica-numbers.ts';

/** What becomes of a label of an answer; decided once for each. */
const Fate = { unknown: 0, kept: 1, merged: 2 } as const;
/** Added where the label also tells replicas apart. */
const NAMES_REPLICA = 4;
const FATE_MASK = 3;

/** The series that one endpoint answered with, on their way into groups. */
export class AnsweredSeries {
  readonly endpoint: Endpoint;
  /** The shard's labels as text, for messages. */
  readonly shard: string;
  readonly batch: SeriesBatch;
  /** By series: the number of its label set without what is merged, or -1 where it is not wanted; then its replica's. */
  readonly group: Int32Array;
  readonly replica: Uint32Array;
  readonly #table: LabelTable;
  readonly #fates: Uint8Array<ArrayBuffer>;
  /** The ids that labels have in the shared table, plus 1; 0 where nobody asked yet. */
  readonly #shared: Int32Array<ArrayBuffer> | undefined;
  readonly #view: Pick<ReplicaView, 'replicaLabels' | 'mergedHere'>;
  readonly #isMerged: (name: string, value: string) => boolean;
  readonly #replicaNames: ReadonlySet<string>;
  /** Numbers of replicas by the ids of the labels that name them: nearly always there is one such label. */
  readonly #replicas = new Map<string | number, number>();

  /** @param table that all answers share. */
  constructor(
    endpoint: Endpoint,
    shard: string,
    batch: SeriesBatch,
    view: Pick<ReplicaView, 'replicaLabels' | 'mergedHere'>,
    table: LabelTable,
  ) {
    this.endpoint = endpoint;
    this.shard = shard;
    this.batch = batch;
    this.group = new Int32Array(batch.length);
    this.replica = new Uint32Array(batch.length);
    this.#table = table;
    this.#fates = new Uint8Array(batch.table.size);
    this.#shared = batch.table === table ? undefined : new Int32Array(batch.table.size);
    this.#view = view;
    this.#isMerged = mergedLabels(endpoint, view.mergedHere);
    this.#replicaNames = new Set(view.replicaLabels);
  }

  /**
   * Finds the group and the replica of a series. Each label is walked once, whatever the number of replica labels.
   * @param replicas numbers of the replicas of all answers, to which new ones are added.
   */
  place(index: number, groups: LabelSets, replicas: ReplicaNumbers): void {
    const { batch } = this;
    const ids = batch.labelIds;
    let first = -1;
    let more: number[] | undefined;
    let isData = false;
    for (let at = batch.labelStart(index), end = batch.labelEnd(index); at < end; at++) {
      const id = ids[at]!;
      const fate = this.#fates[id]! || this.#decide(id);
      if ((fate & FATE_MASK) === Fate.kept) groups.push(this.#sharedId(id));
      if ((fate & NAMES_REPLICA) === 0) continue;
      isData ||= (fate & FATE_MASK) === Fate.kept;
      if (first < 0) first = id;
      else (more ??= [first]).push(id);
    }
    this.group[index] = groups.end();
    const key = more === undefined ? first : more.join(' ');
    let replica = this.#replicas.get(key);
    if (replica === undefined) {
      replica = replicas.numberOf(batch.labels(index), this.endpoint, isData);
      this.#replicas.set(key, replica);
    }
    this.replica[index] = replica;
  }

  /** Frees what only placing needs, which nobody may do afterwards. */
  seal(): void {
    discard(this.#fates);
    if (this.#shared !== undefined) discard(this.#shared);
  }

  #sharedId(id: number): number {
    if (this.#shared === undefined) return id;
    const known = this.#shared[id]!;
    if (known !== 0) return known - 1;
    const shared = this.#table.adopt(this.batch.table, id);
    this.#shared[id] = shared + 1;
    return shared;
  }

  #decide(id: number): number {
    const { table } = this.batch;
    const name = table.name(id);
    // Most labels have other names, and need no text of their value.
    const isMerged = this.#view.mergedHere.has(name) && this.#isMerged(name, table.value(id));
    const fate = (isMerged ? Fate.merged : Fate.kept) | (this.#replicaNames.has(name) ? NAMES_REPLICA : 0);
    this.#fates[id] = fate;
    return fate;
  }
}
