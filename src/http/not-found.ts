import type { FastifyInstance } from 'fastify';
import { sendText } from './respond.ts';

/** Every path of the API may be asked for its options. */
const ANSWERS_OPTIONS = '/api/';

/** Answers what no route serves as Prometheus does: plain texts for unknown paths and for wrong methods. */
export function refuseTheRest(server: FastifyInstance): void {
  server.setNotFoundHandler((_request, reply) => sendText(reply, 404, '404 page not found\n'));
  server.options('/api/v1/*', (_request, reply) => reply.code(204).send());
}

/**
 * Collects the routes that are added from now on. Calling the result adds, to each path, an answer to the methods
 * that none of them serves.
 */
export function methodGuard(server: FastifyInstance): () => void {
  const served = new Map<string, Set<string>>();
  server.addHook('onRoute', ({ url, method }) => {
    const methods = served.get(url) ?? new Set<string>();
    for (const one of [method].flat()) methods.add(one);
    served.set(url, methods);
  });
  return () => {
    for (const [url, methods] of served) refuseOtherMethods(server, url, methods);
  };
}

function refuseOtherMethods(server: FastifyInstance, url: string, served: ReadonlySet<string>): void {
  const inApi = url.startsWith(ANSWERS_OPTIONS);
  const allowed = [...served, ...(inApi ? ['OPTIONS'] : [])].toSorted();
  const refused = server.supportedMethods.filter((method) => !allowed.includes(method));
  server.route({
    method: refused,
    url,
    handler: async (_request, reply) =>
      sendText(reply.header('Allow', allowed.join(', ')), 405, 'Method Not Allowed\n'),
  });
}
