import type { RawSeriesSet } from '../../backend/backend.ts';
import { compareStrings } from '../../model/compare-strings.ts';
import { sortNumbersPaced } from '../../model/paced-sort.ts';
import type { Pacer } from '../../model/pacer.ts';
import type { ReplicaView } from '../../model/request-scope.ts';
import { LabelTable } from '../../wire/batch/label-table.ts';
import type { ShardOutcome } from '../routing/fan-out.ts';
import type { Route } from '../routing/route.ts';
import { AnsweredSeries } from './answered-series.ts';
import { LabelSets } from '../../wire/batch/label-sets.ts';
import type { GroupMemory, Reply } from './group-memory.ts';
import type { FetchedRange } from './replica-data.ts';
import { ReplicaNumbers } from './replica-numbers.ts';
import { SeriesCheck } from './series-check.ts';
import { SeriesGroups } from './series-groups.ts';

const LOOK_EVERY = 64;
const UNWANTED = -1;

/**
 * Groups the series of all endpoints by their labels without those that are merged here, across replicas and shards.
 * Series that only one endpoint has stay alone, so disjoint endpoints pass through. Whatever the order of arrival, the
 * answer is the same. Throws where the pacer's signal is aborted.
 * @param memory of how the same series were grouped before.
 */
export async function groupSeries(
  shards: readonly ShardOutcome<RawSeriesSet>[],
  view: Pick<ReplicaView, 'replicaLabels' | 'mergedHere'>,
  range: FetchedRange,
  pacer: Pacer,
  memory: GroupMemory,
): Promise<SeriesGroups> {
  const replies = shards.flatMap(({ name: shard, outcomes }) =>
    outcomes.flatMap(({ route, result }) => {
      if (!result.ok) return [];
      const { endpoint, wanted } = route;
      return [{ route, endpoint, shard, batch: result.value.series, wanted: JSON.stringify(wanted) }];
    }),
  );
  const known = memory.find(replies, view);
  if (known === undefined) return placeSeries(replies, view, range, pacer, memory);
  const answers = replies.map((reply, i) => ({ ...reply, replica: known.replicaOf[i]! }));
  return new SeriesGroups({ ...known, answers, range, adopted: 0 });
}

async function placeSeries(
  replies: readonly (Reply & { readonly route: Route })[],
  view: Pick<ReplicaView, 'replicaLabels' | 'mergedHere'>,
  range: FetchedRange,
  pacer: Pacer,
  memory: GroupMemory,
): Promise<SeriesGroups> {
  // The table of the largest answer goes on as that of all: most labels of the others are there already.
  const largest = replies.reduce<LabelTable | undefined>(
    (most, { batch: { table } }) => (most === undefined || table.size > most.size ? table : most),
    undefined,
  );
  const table = largest ?? new LabelTable();
  const before = table.bytes;
  const total = replies.reduce((sum, { batch }) => sum + batch.length, 0);
  const ids = new LabelSets(table, total);
  const numbers = new ReplicaNumbers(replies, view);
  const answers: AnsweredSeries[] = [];
  for (const { route, endpoint, shard, batch } of replies) {
    const answer = new AnsweredSeries(endpoint, shard, batch, view, table);
    await placeAll(answer, route, ids, numbers, pacer);
    answer.seal();
    answers.push(answer);
  }
  ids.seal();
  const replicas = numbers.names;
  const numbered = new Int32Array(ids.length);
  await pacer.times(ids.length, (number) => {
    numbered[number] = number;
  });
  const order = await sortNumbersPaced(numbered, (a, b) => ids.compare(a, b), pacer);
  const members = await membersOf(answers, order, replicas, total, pacer);
  const adopted = table.bytes - before;
  const grouping = { ids, replicas, sources: numbers.sources, order, ...members };
  memory.keep(replies, view, { ...grouping, replicaOf: answers.map(({ replica }) => replica) });
  return new SeriesGroups({ ...grouping, answers, range, adopted });
}

async function placeAll(
  answer: AnsweredSeries,
  route: Route,
  ids: LabelSets,
  replicas: ReplicaNumbers,
  pacer: Pacer,
): Promise<void> {
  const { batch } = answer;
  const check = route.wanted.length === 0 ? undefined : new SeriesCheck(batch.table, route.wanted);
  for (let i = 0; i < batch.length; i++) {
    const isWanted = check?.accepts(batch.labelIds, batch.labelStart(i), batch.labelEnd(i)) !== false;
    if (isWanted) answer.place(i, ids, replicas);
    else answer.group[i] = UNWANTED;
    if (i % LOOK_EVERY === 0 && pacer.due()) await pacer.breathe();
  }
}

type Members = Pick<ConstructorParameters<typeof SeriesGroups>[0], 'ends' | 'answerOf' | 'seriesOf'>;

/** The series of each group, groups by position, replicas by name. */
async function membersOf(
  answers: readonly AnsweredSeries[],
  order: Int32Array,
  replicas: readonly string[],
  total: number,
  pacer: Pacer,
): Promise<Members> {
  const position = new Int32Array(order.length);
  await pacer.times(order.length, (i) => {
    position[order[i]!] = i;
  });
  const ends = new Uint32Array(order.length);
  for (const { group } of answers)
    await pacer.times(group.length, (series) => {
      if (group[series] !== UNWANTED) ends[position[group[series]!]!]!++;
    });
  // From here on it says where the next member goes, and so at last where the members end.
  let start = 0;
  await pacer.times(ends.length, (i) => {
    const size = ends[i]!;
    ends[i] = start;
    start += size;
  });
  const answerOf = new Uint32Array(total);
  const seriesOf = new Int32Array(total);
  const byReplica = await inOrderOfReplicas(answers, replicas, total, pacer);
  await pacer.times(byReplica.length, (i) => {
    const series = byReplica.seriesOf[i]!;
    const answer = byReplica.answerOf[i]!;
    const member = ends[position[answers[answer]!.group[series]!]!]!++;
    answerOf[member] = answer;
    seriesOf[member] = series;
  });
  return { ends, answerOf, seriesOf };
}

interface ReceivedOrder extends Pick<Members, 'answerOf' | 'seriesOf'> {
  readonly length: number;
}

/** All wanted series by the name of their replica, those of one in the order of arrival. Counts, since groups may be large. */
async function inOrderOfReplicas(
  answers: readonly AnsweredSeries[],
  replicas: readonly string[],
  total: number,
  pacer: Pacer,
): Promise<ReceivedOrder> {
  const ranks = ranksOf(replicas);
  const next = new Uint32Array(replicas.length + 1);
  for (const { group, replica } of answers)
    await pacer.times(group.length, (series) => {
      if (group[series] !== UNWANTED) next[ranks[replica[series]!]! + 1]!++;
    });
  for (let rank = 1; rank < next.length; rank++) next[rank]! += next[rank - 1]!;
  const length = next[replicas.length]!;
  const answerOf = new Uint32Array(total);
  const seriesOf = new Int32Array(total);
  for (const [a, { group, replica }] of answers.entries())
    await pacer.times(group.length, (series) => {
      if (group[series] === UNWANTED) return;
      const at = next[ranks[replica[series]!]!]!++;
      answerOf[at] = a;
      seriesOf[at] = series;
    });
  return { length, answerOf, seriesOf };
}

/** Where each name stands among all, in the same order in every query. */
function ranksOf(names: readonly string[]): Int32Array {
  const ranks = new Int32Array(names.length);
  const sorted = names.map((_, i) => i).sort((a, b) => compareStrings(names[a]!, names[b]!));
  sorted.forEach((number, rank) => {
    ranks[number] = rank;
  });
  return ranks;
}
