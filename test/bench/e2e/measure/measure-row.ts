import { median } from './median.ts';
import type { RunningFleet } from '../servers/fleet.ts';
import { pathOf, type Row } from '../rows.ts';
import type { RowResult, Spread } from '../report/result.ts';
import { bytesRead, cpuMs, forgetPeak, peakBytes } from './process-figures.ts';
import { differenceOf, type Tolerance } from './same-answer.ts';
import { Shooter, type Shot } from './shoot.ts';
import type { Stages } from './stages.ts';

export interface MeasureOptions {
  /** Least number of pairs, and how long to go on to take more, ms. */
  readonly pairs: number;
  readonly rowTime: number;
  readonly tolerance: Tolerance;
}

/**
 * Asks the direct server and the gateway in turns: the machine's moods meet both. A wrong answer is an error, for what is
 * wrong is not worth its time.
 */
export async function measureRow(
  row: Row,
  fleet: RunningFleet,
  { pairs, rowTime, tolerance }: MeasureOptions,
): Promise<RowResult> {
  const [direct, gateway] = [new Shooter(fleet.direct.url), new Shooter(fleet.gateway.url)];
  const shots: { direct: Shot[]; gateway: Shot[] } = { direct: [], gateway: [] };
  let [gatewayCpu, backendsCpu, directCpu, bytes] = [0, 0, 0, 0];
  try {
    let shot = 0;
    const compare = async (): Promise<void> => {
      const path = pathOf(row, shot++);
      const [expected, answer] = [await direct.get(path), await gateway.get(path)];
      const difference = differenceOf(expected.body, answer.body, tolerance);
      if (difference !== undefined)
        throw new Error(`${row.name}: the gateway's answer differs from the direct one: ${difference}`);
    };
    await compare();
    // The first answers open connections and compile code.
    const warm = performance.now() + rowTime / 4;
    for (; performance.now() < warm; shot++)
      for (const each of [direct, gateway]) await each.shoot(pathOf(row, shot), row.load);
    forgetPeak(fleet.gateway.pid);
    const started = performance.now();
    for (; shots.gateway.length < pairs || performance.now() - started < rowTime; shot++) {
      const path = pathOf(row, shot);
      const beforeDirect = cpuMs([fleet.direct.pid]);
      shots.direct.push(await direct.shoot(path, row.load));
      directCpu += cpuMs([fleet.direct.pid]) - beforeDirect;
      const before = [
        cpuMs([fleet.gateway.pid]),
        cpuMs(fleet.backends),
        bytesRead(fleet.gateway.pid),
      ] as const;
      shots.gateway.push(await gateway.shoot(path, row.load));
      gatewayCpu += cpuMs([fleet.gateway.pid]) - before[0];
      backendsCpu += cpuMs(fleet.backends) - before[1];
      bytes += bytesRead(fleet.gateway.pid) - before[2];
    }
    // What the gateway keeps of the answers before may change no later one.
    await compare();
  } finally {
    await Promise.all([direct.close(), gateway.close()]);
  }
  // Of a burst all of it is one shot, as its time is; of a stream, one request.
  const of = ({ requests }: Shot): number => (row.load.kind === 'stream' ? requests : 1);
  const count = sum(shots.gateway.map(of));
  const [spreadDirect, spreadGateway] = [spreadOf(shots.direct), spreadOf(shots.gateway)];
  return {
    name: row.name,
    query: row.query,
    pairs: shots.gateway.length,
    direct: spreadDirect,
    gateway: spreadGateway,
    ratio: spreadGateway.median / spreadDirect.median,
    cpuMs: {
      gateway: gatewayCpu / count,
      backends: backendsCpu / count,
      direct: directCpu / sum(shots.direct.map(of)),
    },
    bytesRead: bytes / count,
    peakBytes: peakBytes(fleet.gateway.pid),
    healthyMs: {
      direct: Math.max(...shots.direct.map(({ healthyMs }) => healthyMs)),
      gateway: Math.max(...shots.gateway.map(({ healthyMs }) => healthyMs)),
    },
    stages: medianStages(shots.gateway.map(({ stages }) => stages)),
  };
}

function spreadOf(shots: readonly Shot[]): Spread {
  const times = shots.map(({ ms }) => ms);
  return { median: median(times), min: Math.min(...times) };
}

function medianStages(all: readonly Stages[]): Stages {
  const names = new Set(all.flatMap((stages) => Object.keys(stages)));
  return Object.fromEntries([...names].map((name) => [name, median(all.map((stages) => stages[name] ?? 0))]));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
