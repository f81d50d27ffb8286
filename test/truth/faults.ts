import type { Sight } from './world.ts';

const MINUTE = 60_000;
export const INTERVAL = 15_000;

/** From scrape to scrape, the end exclusive. */
function during(from: number, to: number): (scrape: number) => boolean {
  return (scrape) => scrape >= from && scrape < to;
}

export interface Fault {
  readonly sights: readonly Sight[];
  /** ms after the origin. */
  readonly resets?: readonly number[];
  /** Longest spacing that is right, in ms; 1.5 intervals where not given. */
  readonly hole?: number;
  readonly markers?: number;
}

/** What goes wrong, and what the one series that comes of it must look like: resets as often as true, no holes. */
export const FAULTS: Readonly<Record<string, Fault>> = {
  'one missed scrape': { sights: [{ lacks: (k) => k === 100 }, { phase: 4321 }] },
  'one missed scrape, the other half an interval off': {
    sights: [{ lacks: (k) => k === 100 }, { phase: 7500 }],
  },
  'every second scrape missed': { sights: [{ lacks: (k) => k % 2 === 1 }, { phase: 4321 }] },
  'every second scrape missed by each, in turn': {
    sights: [{ lacks: (k) => k % 2 === 1 }, { phase: 4321, lacks: (k) => k % 2 === 0 }],
    hole: 2 * INTERVAL + 5,
  },
  'an outage of each': {
    sights: [{ lacks: during(40, 80) }, { phase: 4321, lacks: during(120, 160) }],
  },
  'outages that overlap': {
    sights: [{ lacks: during(40, 80) }, { phase: 4321, lacks: during(70, 110) }],
    hole: 11 * INTERVAL,
  },
  'an outage of the target in front of both': {
    sights: [{ blind: during(40, 80) }, { phase: 4321, blind: during(40, 80) }],
    hole: 41 * INTERVAL + 5,
    markers: 1,
  },
  'a replica restarted with a stale marker': { sights: [{ blind: (k) => k === 60 }, { phase: 4321 }] },
  'a replica that cannot reach the target': { sights: [{ blind: during(60, 140) }, { phase: 11_000 }] },
  'a reset during an outage': {
    sights: [{ lacks: during(40, 80) }, { phase: 4321 }],
    resets: [60 * INTERVAL],
  },
  'a reset during an outage, with the other behind by 20 s': {
    sights: [{ lacks: during(40, 80) }, { phase: 4321, lag: 20_000 }],
    resets: [60 * INTERVAL],
    hole: 2.5 * INTERVAL + 5,
  },
  'a reset at the seam': {
    sights: [{ lacks: during(40, 80) }, { phase: 4321 }],
    resets: [39.1 * INTERVAL],
  },
  'resets that everybody sees': {
    sights: [{ lacks: (k) => k % 9 === 0 }, { phase: 4321, lacks: (k) => k % 7 === 0 }],
    resets: [10 * MINUTE, 30 * MINUTE, 50 * MINUTE],
    // Every 63rd scrape is missed by both.
    hole: 2 * INTERVAL + 5,
  },
  'values 20 s behind': {
    sights: [{ lacks: during(40, 80) }, { phase: 4321, lag: 20_000, lacks: during(120, 160) }],
    hole: 2.5 * INTERVAL + 5,
  },
  'samples that arrive 20 s late': { sights: [{ late: 20_000 }, { phase: 4321 }] },
  'the first 20 s late, the second gone for a while': {
    sights: [{ late: 20_000 }, { phase: 4321, lacks: during(100, 140) }],
  },
  'a clock that is 3 s ahead': {
    sights: [{ lacks: during(40, 80) }, { phase: 4321, skew: 3000 }],
    resets: [60 * INTERVAL],
  },
  'a clock that is 3 s behind': {
    sights: [{ lacks: during(40, 80) }, { phase: 4321, skew: -3000 }],
    resets: [60 * INTERVAL],
  },
  'intervals of 15 s and 60 s': { sights: [{ interval: 60_000 }, { phase: 4321 }] },
  'intervals of 15 s and 60 s, the denser gone for a while': {
    sights: [{ interval: 60_000 }, { phase: 4321, lacks: during(60, 120) }],
    hole: 90_000,
  },
  'three replicas in turn': {
    sights: [
      { lacks: (k) => k % 60 < 20 },
      { phase: 4321, lacks: (k) => k % 60 >= 20 && k % 60 < 40 },
      { phase: 9876, lacks: (k) => k % 60 >= 40 },
    ],
    resets: [25 * MINUTE],
  },
  'five replicas that all miss every third scrape': {
    sights: [0, 1, 2, 3, 4].map((r) => ({ phase: r * 2777, lacks: (k) => k % 3 === r % 3 })),
    resets: [25 * MINUTE],
  },
  'a late first sample': { sights: [{ firstScrape: 90 }, { phase: 4321 }] },
  'a series that one replica alone knows': { sights: [{ firstScrape: 1000 }, { phase: 4321 }] },
};
