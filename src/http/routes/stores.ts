import type { FastifyInstance } from 'fastify';
import type { HttpOptions } from '../context.ts';
import { encodeStores } from '../encode/stores.ts';
import { sendData } from '../respond.ts';

/** `/api/v1/stores`: the endpoints as Thanos Query lists them. */
export function storesRoutes(server: FastifyInstance, { gateway }: HttpOptions): void {
  server.get('/api/v1/stores', async (request, reply) =>
    sendData(request, reply, [encodeStores(gateway.operations.stores(), gateway.operations.sources())]),
  );
}
