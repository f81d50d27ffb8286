import {
  compareReplicas,
  type Comparison,
  type CoverageQuestion,
} from '../../../src/cluster/coverage/compare-replicas.ts';
import { PIECE_MS } from '../../../src/cluster/coverage/piece.ts';
import { endpointId } from '../../../src/cluster/endpoint-id.ts';
import type { Samples } from '../../select/support.ts';
import { NO_PAUSE } from '../../support/pace.ts';
import { randomFrom } from '../../truth/random.ts';
import { INTERVAL } from './naive-coverage.ts';
import { START, piecesOf } from './support.ts';

export const MINUTE = 60_000;
const PIECES = 3;
export const UNTIL: number = START + PIECES * PIECE_MS - 1000;
export const ALL: CoverageQuestion = { from: START, to: UNTIL, missed: 1 };

/** A time in minutes, the end exclusive, in which a target fails or is not scraped. */
export interface Fault {
  readonly from: number;
  readonly to: number;
  readonly target?: number | undefined;
  readonly kind: 'away' | 'failed';
}

export interface Replica {
  /** ms after the beginning of each interval. */
  readonly phase: number;
  readonly faults: readonly Fault[];
  /** Part of the scrapes that is missed at random. */
  readonly lost?: number;
}

export const away = (from: number, to: number, target?: number): Fault => ({
  from,
  to,
  target,
  kind: 'away',
});
export const failed = (from: number, to: number, target?: number): Fault => ({
  from,
  to,
  target,
  kind: 'failed',
});

/** What a replica scrapes of a target: late by up to 5 ms each tenth time. */
export function scrapes({ phase, faults, lost = 0 }: Replica, target: number): Samples {
  const random = randomFrom(1000 * phase + target);
  const samples: (readonly [number, number])[] = [];
  for (let t = START + phase; t < UNTIL; t += INTERVAL) {
    const minute = (t - START) / MINUTE;
    const fault = faults.find(
      (each) => minute >= each.from && minute < each.to && (each.target ?? target) === target,
    );
    const late = random() < 0.1 ? Math.ceil(random() * 5) : 0;
    if (random() < lost || fault?.kind === 'away') continue;
    samples.push([t + late, fault === undefined ? 1 : 0]);
  }
  return samples;
}

export function compare(
  replicas: readonly Replica[],
  targets: number,
  question: Partial<CoverageQuestion> = {},
): Promise<Comparison> {
  const windows = replicas.map((replica, i) => {
    const samples = Array.from({ length: targets }, (_, target) => scrapes(replica, target));
    const pieces = piecesOf(samples, START, PIECES);
    return { id: endpointId(`${'abc'[i]}:1`), from: START, until: UNTIL, pieces };
  });
  return compareReplicas(windows, targets, { ...ALL, ...question }, NO_PAUSE);
}
