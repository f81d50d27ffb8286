import type { Fleet } from '../fleet/fleet.ts';
import type { Replica } from '../fleet/replica.ts';
import type { Asked } from '../load/clients.ts';
import { figuresOf } from '../load/figures.ts';
import type { FaultRow } from './row.ts';
import { HELD_UP_MS, judgeAnswers, judgeP99, observe, type Breakage } from './under-load.ts';

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
      const p99 = judgeP99(observed.calm, later, scale, 'from the second query on');
      const isSaid = answers.figures.warned > 0;
      return {
        figures: answers.figures,
        bound: `shard ${shard} is named, strict answers are refused; ${p99.bound}`,
        problems: [...answers.problems, ...(isSaid ? [] : ['no answer warned']), ...p99.problems],
      };
    },
  };
}

/** Without the first one that each client began under the fault, and what was under way when it came. */
function behindTheFirst(asked: readonly Asked[]): readonly Asked[] {
  const seen = new Set<number>();
  return asked
    .filter(({ at }) => at >= 0)
    .toSorted((a, b) => a.at - b.at)
    .filter(({ client }) => {
      const isFirst = !seen.has(client);
      seen.add(client);
      return !isFirst;
    });
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
