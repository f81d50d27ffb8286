import type { Fault } from '../../../support/fault-proxy/fault.ts';
import type { Replica, Transport } from '../fleet/replica.ts';
import { startStandIn, type StandInAnswer } from '../fleet/stand-in.ts';
import { figuresOf } from '../load/figures.ts';
import type { FaultRow, RowResult, Scale } from './row.ts';
import { judgeAnswers, judgeP99, observe, type Observed } from './under-load.ts';

/** What may take longer behind a fault, ms, and how long it may take then. */
const UNPREPARED_MS = 2000;
const MOST_UNPREPARED_MS = 1000;

/** Breaks a replica; resolves to what mends it. */
type Break = (replica: Replica) => Promise<() => void | Promise<void>>;

const BREAKS: Readonly<Record<string, Break>> = {
  frozen: async (replica) => {
    replica.freeze();
    return () => replica.thaw();
  },
  killed: async (replica) => {
    await replica.kill();
    return () => replica.restart();
  },
  restarted: async (replica) => {
    await replica.kill();
    const restarted = replica.restart();
    return () => restarted;
  },
  'black-holed': through({ kind: 'silent' }),
  unreachable: through({ kind: 'dropping' }),
  throttled: through({ kind: 'slow', delayMs: 0, bytesPerMs: 10 }),
  resets: through({ kind: 'resetting', afterBytes: 400 }),
  truncates: through({ kind: 'truncating', afterBytes: 400 }),
  corrupts: through({ kind: 'corrupting', everyBytes: 64 }),
  'answers-500': instead({ status: 500, type: 'text/plain', body: 'internal error\n' }),
  'answers-429': instead({ status: 429, type: 'application/json', body: '{"error":"too many requests"}' }),
  'answers-html': instead({ status: 200, type: 'text/html', body: '<html><body>Sign in</body></html>' }),
};

const VICTIMS: Readonly<Record<Transport, string>> = { http: '0a', grpc: '2a' };

/** One replica broken, whose sibling has everything. */
export const ONE_REPLICA_ROWS: readonly FaultRow[] = [
  ...Object.entries(BREAKS).flatMap(([what, broken]) =>
    (['http', 'grpc'] as const).map((transport) =>
      oneReplicaRow(`${what}-${transport}`, broken, VICTIMS[transport]),
    ),
  ),
  oneReplicaRow('frozen-behind-grpc', frozenBehind, VICTIMS.grpc),
];

function oneReplicaRow(name: string, broken: Break, victim: string): FaultRow {
  return {
    name,
    run: async (fleet, scale) => {
      let mend = (): void | Promise<void> => {};
      const breakage = {
        begin: async () => {
          mend = await broken(fleet.replica(victim));
        },
        end: () => mend(),
      };
      return judged(await observe(fleet, scale, { breakage, expectation: { kind: 'whole' } }), scale);
    },
  };
}

function judged(observed: Observed, scale: Scale): RowResult {
  const { calm, faulty } = observed;
  const { figures, problems } = judgeAnswers(observed, false);
  const prepared = figuresOf(faulty.filter(({ at }) => at >= UNPREPARED_MS));
  const { worst } = figuresOf(faulty.filter(({ at }) => at < UNPREPARED_MS));
  const most = Math.max(MOST_UNPREPARED_MS, scale.leastMs);
  const p99 = judgeP99(calm, prepared, scale, 'behind the first 2 s');
  return {
    figures,
    bound: `worst ≤ ${most} ms within the first 2 s, it is ${worst.toFixed(0)}; ${p99.bound}`,
    problems: [
      ...problems,
      ...(worst <= most ? [] : [`within the first 2 s one took ${worst.toFixed(0)} ms, more than ${most}`]),
      ...p99.problems,
    ],
  };
}

/** What is frozen is behind a gateway that is not. */
async function frozenBehind(replica: Replica): Promise<() => void> {
  replica.freezeBehind();
  return () => replica.thaw();
}

function through(fault: Fault): Break {
  return async ({ proxy }) => {
    await proxy.set(fault);
    return () => proxy.set({ kind: 'none' });
  };
}

function instead(answer: StandInAnswer): Break {
  return async ({ proxy, transport }) => {
    const standIn = await startStandIn(transport, answer);
    await proxy.set({ kind: 'instead', port: standIn.port });
    return async () => {
      await proxy.set({ kind: 'none' });
      await standIn.close();
    };
  };
}
