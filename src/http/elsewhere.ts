import { fastify, type FastifyInstance } from 'fastify';
import type { HttpOptions } from './context.ts';
import { sendFailure, sendText } from './respond.ts';

/** Adds routes to a server. */
export type AddRoutes = (server: FastifyInstance, options: HttpOptions) => void;

const MESSAGE =
  'This is for those who run the gateway, and is served at its admin address alone (--web.admin-address). ' +
  'Ask there, or ask those who run it.';

/**
 * Says of routes that the admin address serves alone that they are there. A bare 404 would look as if the gateway did not have them. The
 * address itself is not told, because whoever may query need not know it.
 */
export function referElsewhere(
  server: FastifyInstance,
  options: HttpOptions,
  routes: readonly AddRoutes[],
): void {
  for (const { method, url } of routesOf(options, routes))
    server.route({
      method: [...method],
      url,
      config: { isOpen: true },
      handler: async (_request, reply) =>
        url.startsWith('/api/')
          ? sendFailure(reply, { status: 404, errorType: 'not_found', message: MESSAGE })
          : sendText(reply, 404, `${MESSAGE}\n`),
    });
}

interface Route {
  readonly method: readonly string[];
  readonly url: string;
}

/** Which routes these are, found out on a server that never listens. */
function routesOf(options: HttpOptions, routes: readonly AddRoutes[]): readonly Route[] {
  const found: Route[] = [];
  const unused = fastify({ exposeHeadRoutes: false });
  unused.addHook('onRoute', ({ method, url }) => {
    found.push({ method: [method].flat(), url });
  });
  for (const addRoutes of routes) addRoutes(unused, options);
  return found;
}
