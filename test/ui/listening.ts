import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** A server on a free port; its address. */
export async function listen(server: FastifyInstance): Promise<string> {
  await server.listen({ host: '127.0.0.1', port: 0 });
  return `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
}

/** Ends it with all that browsers hold open. */
export async function close(server: FastifyInstance): Promise<void> {
  server.server.closeAllConnections();
  await server.close();
}
