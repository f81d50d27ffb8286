import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { identityOf } from './admission.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { Access } from '../gateway/tenancy/admit.ts';
import type { CertificateSubject, Credentials } from '../gateway/tenancy/tenancy.ts';
import type { Admission } from '../model/request-scope.ts';

const ADMISSIONS = new WeakMap<IncomingMessage, Admission>();

/**
 * Finds out for which tenant each request is before anything else of it is read, and refuses those that may not make the call. A route
 * that does not say whom it is for is for those who operate the gateway.
 */
export function admitTenants(server: FastifyInstance, gateway: Pick<Gateway, 'admit'>): void {
  server.addHook('onRequest', async (request) => {
    const access = accessOf(request);
    if (access !== 'open') ADMISSIONS.set(request.raw, gateway.admit(credentialsOf(request), access));
  });
}

/** What the caller of a request may see; undefined for a route that is open to everybody. */
export function admissionOf({ raw }: Pick<FastifyRequest, 'raw'>): Admission | undefined {
  return ADMISSIONS.get(raw);
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
    subject: subjectOf(socket),
    identity: identityOf(request),
  };
}

/** Node joins what comes several times by `, `, but for a few names. */
function textOf(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'object' ? value.join(', ') : value;
}

/** Of a certificate that one of the trusted authorities signed. */
function subjectOf(socket: IncomingMessage['socket']): CertificateSubject | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  const { subject } = socket.getPeerCertificate() as { readonly subject?: CertificateSubject };
  return subject;
}
