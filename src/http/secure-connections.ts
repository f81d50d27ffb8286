import type { X509Certificate } from 'node:crypto';
import { createServer, type Server, type ServerOptions } from 'node:https';
import type { RequestListener } from 'node:http';
import { isIPv6, type Socket } from 'node:net';
import { TLSSocket, type SecureContextOptions } from 'node:tls';
import type { CertificateSubject } from '../model/certificate-subject.ts';
import { bug } from '../model/errors.ts';

/** What clients show, as Go has it. */
export interface ClientCertificates {
  readonly isAsked: boolean;
  /** Whether there must be one. */
  readonly isDemanded: boolean;
  /** Whether one that is there must be signed by an authority that is trusted. */
  readonly isChecked: boolean;
}

/** TLS of the server. Values, not names of files. */
export interface ServerTls {
  readonly context: SecureContextOptions & { readonly cert: string };
  readonly clients: ClientCertificates;
  /** One of the names of a client certificate must be one of these; undefined where any will do. */
  readonly allowedNames: readonly string[] | undefined;
}

/** TLS that may be renewed while the server runs. It is never switched on or off. */
export interface TlsSource {
  readonly current: () => ServerTls;
  readonly onNew: (listener: (tls: ServerTls) => void) => void;
}

/**
 * A server of Node over TLS. Handshakes that begin after a renewal use the new values; open connections stay. What a client shows is
 * judged by what was in force when its connection began.
 * @param handshakeTimeout ms.
 */
export function createSecureServer(
  options: ServerOptions,
  source: TlsSource,
  handshakeTimeout: number,
  handler: RequestListener,
): Server {
  const first = source.current();
  const judges = new WeakMap<Socket, ServerTls>();
  const server = createServer(
    { ...options, ...first.context, ...demandOf(first), handshakeTimeout },
    handler,
  );
  server.on('connection', (socket: Socket) => void judges.set(socket, source.current()));
  server.prependListener('secureConnection', (socket) => {
    const tls = judges.get(connectionOf(socket)) ?? source.current();
    if (!isWelcome(socket, tls)) socket.destroy();
  });
  source.onNew((tls) => {
    server.setSecureContext(tls.context);
    Object.assign(server, demandOf(tls));
  });
  return server;
}

/** The connection below TLS; the socket itself where there is none. Limits count connections from before the handshake on. */
export function connectionOf(socket: Socket): Socket {
  if (!(socket instanceof TLSSocket)) return socket;
  const { _parent: connection } = socket as unknown as { readonly _parent?: Socket };
  return connection ?? bug('Node keeps the connection below TLS elsewhere');
}

const SUBJECTS = new WeakMap<Socket, CertificateSubject>();

/**
 * Whom the certificate of a client is issued for; undefined where there is none, or none that is trusted. It is read once for a
 * connection, because Node takes it to pieces anew each time.
 */
export function peerSubject(socket: Socket): CertificateSubject | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  const known = SUBJECTS.get(socket);
  if (known !== undefined) return known;
  const { subject = {} } = socket.getPeerCertificate() as { readonly subject?: CertificateSubject };
  SUBJECTS.set(socket, subject);
  return subject;
}

/** Node ends a connection without a certificate only where it ends those with a wrong one, too. */
function demandOf({ clients }: ServerTls): { requestCert: boolean; rejectUnauthorized: boolean } {
  return { requestCert: clients.isAsked, rejectUnauthorized: clients.isDemanded && clients.isChecked };
}

function isWelcome(socket: TLSSocket, { clients, allowedNames }: ServerTls): boolean {
  if (!clients.isAsked) return true;
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return !clients.isDemanded;
  if (clients.isChecked && !socket.authorized) return false;
  return allowedNames === undefined || namesOf(certificate).some((name) => allowedNames.includes(name));
}

const NAME = /(?:^|, )(?:DNS|email|URI|(?<ip>IP Address)):(?<name>"(?:[^"\\]|\\.)*"|[^,]*)/g;

/** The subject alternative names of a certificate: DNS names, addresses of email and of IP, URIs. */
function namesOf({ subjectAltName = '' }: X509Certificate): readonly string[] {
  return [...subjectAltName.matchAll(NAME)].map(({ groups }) => {
    const { ip, name = '' } = groups!;
    // Names with commas and quotes are quoted as JSON (CVE-2021-44532).
    if (name.startsWith('"')) return JSON.parse(name) as string;
    return ip !== undefined && isIPv6(name) ? new URL(`http://[${name}]`).hostname.slice(1, -1) : name;
  });
}
