import type { GatewayLimits } from '../../src/gateway/parts.ts';

/** Limits that no test comes near, unless it sets its own. */
export const ROOMY: GatewayLimits = {
  timeout: 120_000,
  maxConcurrent: 20,
  maxConcurrentSelects: 20,
  budget: { bytes: 0, series: 0 },
};
