import { createMemoryBackend } from '../../../src/backend/memory/backend.ts';
import type { EndpointMaker } from '../../../src/cluster/discovery/address-source.ts';
import type { WantedEndpoint } from '../../../src/cluster/wanted-endpoints.ts';
import { EMPTY_LABELS } from '../../../src/model/labels.ts';

/** An endpoint of which nothing but the address is known; `closed` hears of its backend's end. */
export function plainEndpoint(address: string, closed: string[] = []): WantedEndpoint {
  return {
    identity: { address, place: address, key: address, isPlain: true, marks: [] },
    spec: {
      address,
      replication: 'auto',
      timeoutMs: 1000,
      server: address,
      fingerprint: address,
      createBackend: () => {
        if (address.startsWith('bad')) throw new Error(`no such scheme: ${address}`);
        const backend = createMemoryBackend({ address, externalLabels: EMPTY_LABELS, series: [] });
        return Object.assign(backend, { close: async () => void closed.push(address) });
      },
    },
  };
}

export const plainMaker: EndpointMaker = ({ address }) => [plainEndpoint(address)];
