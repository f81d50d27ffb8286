import type { Fleet } from '../fleet/fleet.ts';
import type { Replica } from '../fleet/replica.ts';
import type { Asked } from '../load/clients.ts';
import { figuresOf } from '../load/figures.ts';
import type { FaultRow } from './row.ts';
import { HELD_UP_MS, judgeAnswers, judgeP99, observe, type Breakage } from './under-load.ts';

/** No query is held up longer: a server that hangs is found to do so within some 5 s, ms. */
const MOST_HELD_UP_MS = 8000;

/** Both replicas of a shard gone: the others are answered, and the shard is named. */
export const SHARD_GONE_ROWS: readonly FaultRow[] = [
  shardGoneRow('shard-killed-http', '1', { begin: killAll, end: restartAll, longerMs: 0 }),
  shardGoneRow('shard-killed-grpc', '2', { begin: killAll, end: restartAll, longerMs: 0 }),
  shardGoneRow('shard-frozen-http', '1', { begin: freezeAll, end: thawAll, longerMs: HELD_UP_MS }),
  shardGoneRow('shard-frozen-grpc', '2', { begin: freezeAll, end: thawAll, longerMs: HELD_UP_MS }),
  shardGoneRow('shard-frozen-behind-grpc', '2', {
    begin: freezeAllBehind,
    end: thawAll,
    longerMs: HELD_UP_MS,
  }),
];

interface Treatment {
  readonly begin: (replicas: readonly Replica[]) => void | Promise<void>;
  readonly end: (replicas: readonly Replica[]) => void | Promise<void>;
  readonly longerMs: number;
}

function shardGoneRow(name: string, shard: string, { begin, end, longerMs }: Treatment): FaultRow {
  const ofShard = ({ replicas }: Fleet): readonly Replica[] =>
    replicas.filter((replica) => replica.shard === shard);
  const breakage: Breakage = { begin: (fleet) => begin(ofShard(fleet)), end: (fleet) => end(ofShard(fleet)) };
  return {
    name,
    run: async (fleet, scale) => {
      const observed = await observe(fleet, scale, {
        breakage,
        expectation: { kind: 'without', shard },
        longerMs,
      });
      const answers = judgeAnswers(observed, true);
      const later = figuresOf(behindTheFirst(observed.faulty));
      const p99 = judgeP99(observed.calm, later, scale, 'once one answer named it');
      const { warned, worst } = answers.figures;
      return {
        figures: answers.figures,
        bound: `shard ${shard} is named, strict answers are refused; worst ≤ ${MOST_HELD_UP_MS} ms; ${p99.bound}`,
        problems: [
          ...answers.problems,
          ...(warned > 0 ? [] : ['no answer warned']),
          ...(worst <= MOST_HELD_UP_MS
            ? []
            : [`one took ${worst.toFixed(0)} ms, more than ${MOST_HELD_UP_MS}`]),
          ...p99.problems,
        ],
      };
    },
  };
}

/** Those that were begun, by whatever client, once an answer had named the shard. */
function behindTheFirst(asked: readonly Asked[]): readonly Asked[] {
  const named = asked.filter(
    ({ verdict }) => verdict.kind === 'right' && (verdict.isWarned || verdict.isRefused),
  );
  const first = Math.min(...named.map(({ at, ms }) => at + ms));
  return asked.filter(({ at }) => at > first);
}

async function killAll(replicas: readonly Replica[]): Promise<void> {
  await Promise.all(replicas.map((replica) => replica.kill()));
}

async function restartAll(replicas: readonly Replica[]): Promise<void> {
  await Promise.all(replicas.map((replica) => replica.restart()));
}

function freezeAll(replicas: readonly Replica[]): void {
  for (const replica of replicas) replica.freeze();
}

function freezeAllBehind(replicas: readonly Replica[]): void {
  for (const replica of replicas) replica.freezeBehind();
}

function thawAll(replicas: readonly Replica[]): void {
  for (const replica of replicas) replica.thaw();
}
