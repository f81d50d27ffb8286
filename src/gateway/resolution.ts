import type { Topology } from '../cluster/topology.ts';

/** How coarse data may be: ms between samples at most, or `auto`: five samples to a step, as Thanos Query has it. */
export type MaxResolution = number | 'auto';

/** What Thanos downsamples to, ms between samples. */
const FINE_LEVEL_MS = 5 * 60_000;
const COARSE_LEVEL_MS = 60 * 60_000;

/** Components of Thanos that can have downsampled data; a querier, because it may stand in front of such a store. */
const DOWNSAMPLED: ReadonlySet<string> = new Set(['store', 'query']);

/** In whole ms; 0 for raw samples alone. Instant queries have no step, so `auto` means raw samples there. */
export function resolutionOf(wanted: MaxResolution | undefined, stepMs: number): number {
  return wanted === 'auto' ? Math.trunc(stepMs / 5) : (wanted ?? 0);
}

/**
 * The lookback delta that finds the samples of data as coarse as the request allows (Thanos, LookbackDeltaFactory), ms.
 * It stays as it is where no endpoint can have such data: then a wider one would only prolong series that ended.
 */
export function lookbackFor(lookbackDelta: number, maxResolution: number, topology: () => Topology): number {
  const level = levelOf(lookbackDelta, maxResolution);
  return level > lookbackDelta && hasDownsampled(topology()) ? level : lookbackDelta;
}

function levelOf(lookbackDelta: number, maxResolution: number): number {
  if (maxResolution > Math.max(FINE_LEVEL_MS, lookbackDelta)) return COARSE_LEVEL_MS;
  return maxResolution > lookbackDelta ? FINE_LEVEL_MS : 0;
}

function hasDownsampled({ endpoints }: Topology): boolean {
  return endpoints.some(
    ({ protocol, component = '' }) => protocol === 'store-api' && DOWNSAMPLED.has(component),
  );
}
