import type { Endpoint } from '../../src/cluster/topology.ts';
import { endpointOver, gatewayOver, type Ends } from '../grpc/support.ts';

/** Makes the endpoints of a gateway out of others, which usually hold their data in memory. */
export type Fleet = (t: Ends, endpoints: readonly Endpoint[]) => Promise<readonly Endpoint[]>;

const eachOverGrpc: Fleet = async (t, endpoints) =>
  Promise.all(endpoints.map(async (endpoint) => endpointOver(t, gatewayOver([endpoint]))));

const behindOne: Fleet = async (t, endpoints) => [await endpointOver(t, gatewayOver(endpoints))];

/** How the same data can be reached: answers must be the very same over all of them. */
export const FLEETS: Readonly<Record<string, Fleet>> = {
  'in memory': async (_, endpoints) => endpoints,
  'each over gRPC': eachOverGrpc,
  'by turns in memory and over gRPC': async (t, endpoints) =>
    Promise.all(
      endpoints.map(async (endpoint, i) =>
        i % 2 === 0 ? endpoint : endpointOver(t, gatewayOver([endpoint])),
      ),
    ),
  'behind one gateway': behindOne,
  'two gateways deep': async (t, endpoints) => behindOne(t, await eachOverGrpc(t, endpoints)),
};
