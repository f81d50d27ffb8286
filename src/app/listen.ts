import { Server as SecureServer } from 'node:https';
import type { FastifyInstance } from 'fastify';
import type { ListenAddress } from '../config/config.ts';
import { MOST_PENDING } from '../model/client-limits.ts';
import { messageOf, QueryError } from '../model/errors.ts';
import { hostPort, reachableAt } from '../model/host-port.ts';
import { listenProblem } from '../model/listen-problem.ts';

/** Listens and resolves to the URL. Rejects with a QueryError where it cannot listen at the address. */
export async function listen(server: FastifyInstance, { host, port }: ListenAddress): Promise<string> {
  try {
    await server.listen({ host, port, backlog: MOST_PENDING });
  } catch (thrown) {
    const problem = `cannot listen for HTTP on ${hostPort(host, port)}: ${listenProblem(messageOf(thrown))}; choose another address with --http-address`;
    throw new QueryError('unavailable', problem, { cause: thrown });
  }
  const bound = server.server.address();
  const boundPort = typeof bound === 'object' && bound !== null ? bound.port : port;
  const scheme = server.server instanceof SecureServer ? 'https' : 'http';
  return `${scheme}://${reachableAt(host, boundPort)}`;
}
