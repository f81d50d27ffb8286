import type { CoverageReportJson, EndpointCoverageJson, HolesJson } from '../../../src/http/api/coverage.ts';
import type { StoreJson, StoresJson } from '../../../src/http/api/stores.ts';

/** 12:00 of a day, s. */
export const NOON = 1_795_348_800;
/** Since when an endpoint is down that is. */
export const DOWN_SINCE = '2026-11-22T12:30:00.250Z';

/** 9 targets, from minute to minute after noon. */
export function holes(
  times: readonly (readonly [from: number, to: number])[],
  heldBy?: readonly string[],
): HolesJson {
  return {
    targets: times.length === 0 ? 0 : 9,
    holes: times.map(([from, to]) => ({
      start: NOON + from * 60,
      end: NOON + to * 60,
      kind: 'away',
      targets: 9,
      examples: [],
      heldBy,
    })),
    notShown: 0,
  };
}

const NONE = holes([]);

export function idOf(shard: string, replica: string): string {
  return `http://${shard}-${replica}:9090`;
}

interface Replica {
  readonly isDown?: boolean;
  readonly coverage?: Partial<EndpointCoverageJson>;
}

export interface Installation {
  readonly stores: StoresJson;
  readonly coverage: CoverageReportJson;
}

/** Shards of replicas that lack nothing and are up, but for what is told of them. */
export function installation(
  shards: Readonly<Record<string, Readonly<Record<string, Replica>>>>,
): Installation {
  const stores: StoreJson[] = [];
  const told = Object.entries(shards).map(([shard, replicas]) => ({
    labels: { cluster: 'demo', shard },
    start: NOON - 3600,
    end: NOON + 3600,
    targets: 9,
    unprovenTargets: 0,
    missingEverywhere: NONE,
    endpoints: Object.entries(replicas).map(([replica, { isDown = false, coverage }]) => {
      stores.push(storeOf(shard, replica, isDown));
      return {
        endpoint: idOf(shard, replica),
        knownSince: NOON - 3600,
        knownUntil: NOON + 3600,
        coverage: 'whole' as const,
        targets: 9,
        holes: NONE,
        lacks: NONE,
        lostWithIt: NONE,
        ...coverage,
      };
    }),
  }));
  return { stores: { prometheus: stores }, coverage: { shards: told } };
}

function storeOf(shard: string, replica: string, isDown: boolean): StoreJson {
  const up = { health: 'up', since: '2026-11-22T11:00:00Z' };
  return {
    name: idOf(shard, replica),
    lastCheck: '2026-11-22T13:00:00Z',
    lastError: isDown ? 'connection refused' : null,
    labelSets: [{ cluster: 'demo', shard, replica }],
    minTime: 0,
    maxTime: 1,
    health: isDown ? 'down' : 'up',
    protocol: 'query',
    version: '3.0.0',
    changes: isDown ? [up, { health: 'down', since: DOWN_SINCE }] : [up],
  };
}

/** Of b what a alone has, between minutes 10 and 12 after noon. */
export const B_LACKS: Partial<EndpointCoverageJson> = {
  coverage: 'lacks',
  holes: holes([[10, 12]]),
  lacks: holes([[10, 12]], [idOf('eu', 'a')]),
};

/** Replica a of a shard is down, and b was away while a was there. */
export const OUTAGE: Installation = installation({
  eu: {
    a: { isDown: true, coverage: { lostWithIt: holes([[10, 12]], [idOf('eu', 'a')]) } },
    b: { coverage: B_LACKS },
  },
  us: { a: {}, b: {} },
});
