import type { FastifyInstance } from 'fastify';
import { bug } from '../../model/errors.ts';
import { sendFailure } from '../respond.ts';
import { described } from '../openapi/operation.ts';
import { inPath } from '../openapi/parameters.ts';

const WRITES = 'Send samples to the Prometheus servers or receivers behind it, or to a long-term store.';

/** Calls of Prometheus that change data, and where they belong. This server has no data. */
const REFUSED: Readonly<Record<string, string>> = {
  '/api/v1/write': `promweave stores no samples and takes no remote write. ${WRITES}`,
  '/api/v1/otlp/v1/metrics': `promweave stores no samples and takes no OTLP metrics. ${WRITES}`,
  '/api/v1/admin/*':
    'promweave stores no samples, so there is nothing to delete and no snapshot to take. Send this to each Prometheus server.',
};

/** Answers these with a status after which no sender tries again, and with a sentence that says where to go. */
export function refusedRoutes(server: FastifyInstance): void {
  for (const [url, message] of Object.entries(REFUSED))
    server.route({
      method: ['POST', 'PUT'],
      url,
      ...described({
        access: 'open',
        summary: message,
        ...(url.endsWith('*') && { parameters: [inPath('rest', 'Any path.')] }),
        answer: { kind: 'refusal' },
      }),
      // Before the body is read, which may be of any size.
      onRequest: async (_request, reply) =>
        sendFailure(reply, { status: 403, errorType: 'forbidden', message }),
      handler: () => bug('a hook has answered'),
    });
}
