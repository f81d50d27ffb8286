import type { FastifyInstance, FastifyRequest } from 'fastify';
import { addressOf, identityOf, keepAdmission } from './caller.ts';
import { peerSubject } from './secure-connections.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { HttpOptions } from './context.ts';
import type { Access } from '../gateway/tenancy/admit.ts';
import type { Credentials } from '../gateway/tenancy/tenancy.ts';
import { NO_TENANT } from '../model/request-scope.ts';

/**
 * Finds out for which tenant each request is before anything else of it is read, and refuses those that may not make the call. A route
 * that does not say whom it is for is for those who operate the gateway.
 */
export function admitTenants(
  server: FastifyInstance,
  { gateway, serves }: Pick<HttpOptions, 'serves'> & { readonly gateway: Pick<Gateway, 'admit'> },
): void {
  server.addHook('onRequest', async (request, reply) => {
    const access = accessOf(request);
    if (access === 'open') return;
    // Who may connect to an address of its own for that runs the gateway.
    const isOperator = serves === 'administration' && access === 'operator';
    const admission = isOperator ? NO_TENANT : gateway.admit(credentialsOf(request), access);
    keepAdmission(request, admission);
    // A cache of several tenants knows an answer by its URL.
    if (admission.tenant !== '') reply.header('Cache-Control', 'private, no-cache');
  });
}

function accessOf({ is404, routeOptions }: FastifyRequest): Access {
  if (is404) return 'open';
  const { operation, isOpen } = routeOptions.config;
  return operation?.access ?? (isOpen === true ? 'open' : 'operator');
}

function credentialsOf(request: FastifyRequest): Credentials {
  const { headers, socket } = request.raw;
  return {
    header: (name) => textOf(headers[name]),
    subject: peerSubject(socket),
    identity: identityOf(request),
    address: addressOf(request),
  };
}

/** Node joins what comes several times by `, `, but for a few names. */
function textOf(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'object' ? value.join(', ') : value;
}
