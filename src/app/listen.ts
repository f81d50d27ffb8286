import { once } from 'node:events';
import { lstatSync, unlinkSync } from 'node:fs';
import { Server as SecureServer } from 'node:https';
import { connect } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { ListenAddress } from '../config/config.ts';
import { MOST_PENDING } from '../model/client-limits.ts';
import { messageOf, QueryError } from '../model/errors.ts';
import { hostPort, reachableAt } from '../model/host-port.ts';
import { listenProblem } from '../model/listen-problem.ts';

/**
 * Listens and resolves to the URL, or to `unix:` and the path of the socket.
 * @param flag which says where to listen.
 * @throws QueryError where it cannot listen at the address.
 */
export async function listen(
  server: FastifyInstance,
  address: ListenAddress,
  flag = '--http-address',
): Promise<string> {
  const name = 'path' in address ? `unix:${address.path}` : hostPort(address.host, address.port);
  try {
    if ('path' in address) await removeForsaken(address.path);
    await server.listen({ ...address, backlog: MOST_PENDING });
  } catch (thrown) {
    const problem = `cannot listen for HTTP on ${name}: ${listenProblem(messageOf(thrown))}; choose another address with ${flag}`;
    throw new QueryError('unavailable', problem, { cause: thrown });
  }
  if ('path' in address) return name;
  const bound = server.server.address();
  const boundPort = typeof bound === 'object' && bound !== null ? bound.port : address.port;
  const scheme = server.server instanceof SecureServer ? 'https' : 'http';
  return `${scheme}://${reachableAt(address.host, boundPort)}`;
}

/** A process that was killed leaves its socket behind, on which nobody listens any more. */
async function removeForsaken(path: string): Promise<void> {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSocket() !== true) return;
  const socket = connect(path);
  try {
    await once(socket, 'connect');
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ECONNREFUSED') unlinkSync(path);
  } finally {
    socket.destroy();
  }
}
