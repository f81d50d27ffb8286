import { QueryError } from '../../model/errors.ts';
import {
  decodeHealthCheckRequest,
  encodeHealthCheckResponse,
  ServingStatus,
} from '../../wire/store-api/health.ts';
import type { Serving } from '../serving.ts';
import type { Service } from '../service.ts';

/** The path of the one call that goes on for as long as its client likes. */
export const WATCH = '/grpc.health.v1.Health/Watch';

/** The health protocol of gRPC: all services are as healthy as the server. */
export function healthService(serving: Serving, services: readonly string[]): Service {
  const known = new Set(['', ...services]);
  const status = (): number => (serving.isServing ? ServingStatus.serving : ServingStatus.notServing);
  return {
    name: 'grpc.health.v1.Health',
    methods: [
      {
        kind: 'unary',
        access: 'open',
        name: 'Check',
        answer: async (request) => {
          const { service } = decodeHealthCheckRequest(request);
          if (!known.has(service))
            throw new QueryError('not_found', `there is no service ${JSON.stringify(service)} here`);
          return encodeHealthCheckResponse({ status: status() });
        },
      },
      {
        kind: 'stream',
        access: 'open',
        name: 'Watch',
        answer: async function* watch(request, { signal }) {
          const { service } = decodeHealthCheckRequest(request);
          const now = (): number => (known.has(service) ? status() : ServingStatus.serviceUnknown);
          let told: number | undefined;
          for (;;) {
            if (now() !== told) {
              told = now();
              yield encodeHealthCheckResponse({ status: told });
            }
            // A client that has left meanwhile waits for nothing: a loop that goes on without waiting never ends.
            if (serving.isStopping || signal.aborted) return;
            // What changed while the last answer was on its way is sent at once.
            if (now() === told) await serving.changed(signal);
          }
        },
      },
    ],
  };
}
