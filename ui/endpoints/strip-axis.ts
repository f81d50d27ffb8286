import type { EndpointCoverageJson } from '../../src/http/api/coverage.ts';
import type { FleetShard } from '../state/fleet.ts';

/** s */
export interface StripAxis {
  readonly start: number;
  readonly end: number;
}

/** Of the strips of all shards, so that one sees what happened together; undefined where nothing is known of any. */
export function stripAxis(shards: readonly FleetShard[]): StripAxis | undefined {
  const starts = shards.flatMap(({ endpoints }) => endpoints.map(({ coverage }) => begins(coverage)));
  const ends = shards.map(({ range }) => range?.end ?? -Infinity);
  const [start, end] = [starts.reduce(least, Infinity), ends.reduce(greatest, -Infinity)];
  return start < end ? { start, end } : undefined;
}

/** When its first scrape is known, or else since when scrapes are known; Infinity where nothing is known of it. */
export function begins(coverage: EndpointCoverageJson | undefined): number {
  const { knownSince = Infinity, wholeSince = knownSince, holes } = coverage ?? {};
  // With gaps it is the end of the last one.
  return holes?.holes.length === 0 ? Math.max(knownSince, wholeSince) : knownSince;
}

function least(a: number, b: number): number {
  return Math.min(a, b);
}

function greatest(a: number, b: number): number {
  return Math.max(a, b);
}
