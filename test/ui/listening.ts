import type { AddressInfo } from 'node:net';
import { after, before } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { PageFiles } from '../../src/http/routes/page/page-files.ts';
import { serverOver } from '../http/support.ts';

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

/** Serves the page alone, while the suite runs that this is called in: its tests answer what it asks. Tells the address once it runs. */
export function pageAlone(): () => string {
  let server: FastifyInstance;
  let url = '';
  before(async () => {
    server = serverOver({}, { page: new PageFiles('dist-page') });
    url = await listen(server);
  });
  after(async () => close(server));
  return () => url;
}
