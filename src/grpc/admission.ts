import {
  Metadata,
  ServerInterceptingCall,
  status,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
} from '@grpc/grpc-js';
import type { Verdict, Gatekeeper, Visitor } from '../access/gatekeeper.ts';
import type { CertificateSubject } from '../model/certificate-subject.ts';
import { NOBODY, type Identity } from '../model/identity.ts';
import { toGrpcFailure } from './errors.ts';

const IDENTITIES = new WeakMap<Metadata, Identity>();

/**
 * Lets calls in whose caller may ask: by `authorization` in their metadata, or by a certificate that a trusted authority signed. Queriers
 * of Thanos can show nothing else than that.
 */
export function admitCalls(gatekeeper: Gatekeeper): ServerInterceptor {
  return ({ path }, call) =>
    new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata: (metadata, goOn) => {
            const enter = (verdict: Verdict): void => {
              if (verdict.kind === 'refused') return refuse(call, verdict.challenges);
              IDENTITIES.set(metadata, verdict.identity);
              goOn(metadata);
            };
            const visitor = visitorOf(call, metadata);
            const now = gatekeeper.admitAtOnce(visitor, path);
            if (now === undefined) void admitLater(gatekeeper, visitor, call, enter);
            else enter(now);
          },
        }),
    });
}

/** Who makes the call with this metadata. */
export function identityOf(metadata: Metadata): Identity {
  return IDENTITIES.get(metadata) ?? NOBODY;
}

/** Whom the certificate of a client is issued for; undefined where there is none. The library has only those that are trusted. */
export function peerSubject(
  call: Pick<ServerInterceptingCallInterface, 'getAuthContext'>,
): CertificateSubject | undefined {
  const { sslPeerCertificate: certificate } = call.getAuthContext();
  return certificate && { ...certificate.subject };
}

/** The host of a peer, which the library has as `address:port`, whatever the address. */
export function hostOf(peer: string): string {
  return peer.slice(0, Math.max(peer.lastIndexOf(':'), 0));
}

async function admitLater(
  gatekeeper: Gatekeeper,
  visitor: Visitor,
  call: ServerInterceptingCallInterface,
  enter: (verdict: Verdict) => void,
): Promise<void> {
  try {
    enter(await gatekeeper.admit(visitor));
  } catch (thrown) {
    call.sendStatus({ ...toGrpcFailure(thrown), metadata: new Metadata() });
  }
}

function visitorOf(call: ServerInterceptingCallInterface, metadata: Metadata): Visitor {
  const certificate = peerSubject(call);
  return {
    address: hostOf(call.getPeer()),
    header: (name) => {
      const values = metadata.get(name);
      return values.length === 1 ? values[0] : undefined;
    },
    certificate,
    isProvenByCertificate: certificate !== undefined,
  };
}

function refuse(call: ServerInterceptingCallInterface, challenges: readonly string[]): void {
  const metadata = new Metadata();
  for (const challenge of challenges) metadata.add('www-authenticate', challenge);
  const details =
    'the call shows nobody who may ask; send authorization in its metadata, or show a certificate that is trusted here';
  call.sendStatus({ code: status.UNAUTHENTICATED, details, metadata });
}
