import { EngineFeature } from '../engine/features.ts';
import { ALL_FEATURES } from '../promql/features.ts';

/** By Prometheus' names. */
const KNOWN_FEATURES: ReadonlySet<string> = new Set([...ALL_FEATURES, ...Object.values(EngineFeature)]);

/** Why a feature changes nothing, behind its name; undefined where it is known. */
export function featureProblem(feature: string): string | undefined {
  return KNOWN_FEATURES.has(feature)
    ? undefined
    : `has no effect; known are ${[...KNOWN_FEATURES].join(', ')}`;
}
