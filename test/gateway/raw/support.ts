import { createPromqlCore } from '../../../src/app/promql-core.ts';
import type { Endpoint } from '../../../src/cluster/topology.ts';
import type { Gateway } from '../../../src/gateway/gateway.ts';
import type { ReadWishes } from '../../../src/gateway/request-scope.ts';
import type { RequestScope } from '../../../src/model/request-scope.ts';
import type { Samples } from '../../select/support.ts';
import { memoryOptions } from '../../support/memory-server.ts';
import { originOf } from '../../support/open-requests.ts';
import type { GatewayLimits } from '../../../src/gateway/parts.ts';

/** The time of {@link gatewayAt}, and of its endpoints. */
export const NOW: number = Date.UTC(2100, 0);

/** A gateway over endpoints at the time {@link NOW}, and a request of it. */
export function gatewayAt(
  endpoints: readonly Endpoint[],
  wishes: ReadWishes = {},
  limits: Partial<GatewayLimits> = {},
): { readonly gateway: Gateway; readonly scope: RequestScope } {
  const clock = { now: () => NOW, monotonic: () => 0 };
  const options = memoryOptions(endpoints);
  const { gateway } = createPromqlCore({ ...options, limits: { ...options.limits, ...limits }, clock });
  return { gateway, scope: gateway.open(wishes, originOf(new AbortController().signal)) };
}

/** Forty samples, one each 15 s, until so many seconds ago. */
export function until(seconds: number, value = 1): Samples {
  return Array.from({ length: 40 }, (_, i) => [NOW - 1000 * (seconds + 15 * (39 - i)), value + i] as const);
}
