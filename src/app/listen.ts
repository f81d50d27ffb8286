import type { FastifyInstance } from 'fastify';
import type { ListenAddress } from '../config/config.ts';
import { messageOf, QueryError } from '../model/errors.ts';

/** Listens and returns the URL. Rejects with a sentence where the address can not be had. */
export async function listen(server: FastifyInstance, { host, port }: ListenAddress): Promise<string> {
  try {
    await server.listen({ host, port });
  } catch (thrown) {
    const problem = `cannot listen for HTTP on ${host}:${port}: ${messageOf(thrown)}; choose another address with --http-address`;
    throw new QueryError('unavailable', problem, { cause: thrown });
  }
  const bound = server.server.address();
  return `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${typeof bound === 'object' && bound !== null ? bound.port : port}`;
}
