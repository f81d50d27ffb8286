import type { CoverageReportJson } from '../../src/http/api/coverage.ts';
import type { StoresJson } from '../../src/http/api/stores.ts';
import { ask } from '../api/ask.ts';
import { fleetOf, knownFleet, type Fleet } from './fleet.ts';
import { useLoad, type Loaded } from './use-load.ts';

const EVERY_MS = 15_000;

/** All endpoints, and how well they know their targets; again and again. */
export function useFleet(): Loaded<Fleet> {
  return useLoad(
    'fleet',
    async (signal) => {
      const [stores, coverage] = await Promise.all([
        ask<StoresJson>('stores', {}, { signal }),
        ask<CoverageReportJson>('status/coverage', {}, { signal }),
      ]);
      const fleet = fleetOf(stores.data, coverage.data.shards);
      knownFleet.value = fleet;
      return fleet;
    },
    EVERY_MS,
  );
}
