import type { RequestScope } from '../../model/request-scope.ts';
import type { GatewayContext } from '../parts.ts';
import { federate, type FederateQuery, type Federation } from './federate.ts';

/** Deduplicated samples that nothing is computed of. Rejections are those of the gateway. */
export interface GatewayRaw {
  federate(scope: RequestScope, query: FederateQuery): Promise<Federation>;
}

export function createGatewayRaw(parts: GatewayContext): GatewayRaw {
  return {
    federate: (scope, query) => federate(parts, scope, query),
  };
}
