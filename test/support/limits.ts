import type { GatewayLimits } from '../../src/gateway/parts.ts';

/** Limits that no test comes near, unless it sets its own. Of requests that tests open themselves no answer is sent. */
export const ROOMY: GatewayLimits = {
  timeout: 120_000,
  maxConcurrent: 10_000,
  maxQueued: 200,
  maxConcurrentSelects: 20,
  readSamples: 50_000_000,
  budget: { bytes: 0, series: 0 },
};
