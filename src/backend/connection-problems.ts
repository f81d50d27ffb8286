import type { BackendFailure } from '../model/loss.ts';

/** Also of a server whose CA was renewed before our file was. */
const UNTRUSTED =
  'its TLS certificate is signed by a CA that is not trusted here; ' +
  "this endpoint's CA file must hold that CA (the file is read again whenever it changes)";

const REASONS: Readonly<Record<string, readonly [kind: BackendFailure['kind'], reason: string]>> = {
  ECONNREFUSED: ['unavailable', 'connection refused; check that it runs and that address and port are right'],
  ENOTFOUND: ['unavailable', 'the host name does not resolve; check the address'],
  EAI_AGAIN: ['unavailable', 'the host name could not be resolved for now; check the name server'],
  EHOSTUNREACH: ['unavailable', 'no route to the host; check address and network'],
  ENETUNREACH: ['unavailable', 'the network is unreachable; check address and network'],
  UND_ERR_CONNECT_TIMEOUT: ['timeout', 'no connection in time; check address, port and firewall'],
  UND_ERR_HEADERS_TIMEOUT: ['timeout', 'it took the request and did not answer in time'],
  UND_ERR_BODY_TIMEOUT: ['timeout', 'the answer stopped coming'],
  DEPTH_ZERO_SELF_SIGNED_CERT: ['unavailable', UNTRUSTED],
  SELF_SIGNED_CERT_IN_CHAIN: ['unavailable', UNTRUSTED],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ['unavailable', UNTRUSTED],
  UNABLE_TO_GET_ISSUER_CERT: ['unavailable', UNTRUSTED],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ['unavailable', UNTRUSTED],
  CERT_SIGNATURE_FAILURE: ['unavailable', UNTRUSTED],
  ERR_SSL_WRONG_VERSION_NUMBER: [
    'unavailable',
    'it answers in plain text, not in TLS; write http:// (or grpc://) in its address',
  ],
  HPE_INVALID_CONSTANT: [
    'unavailable',
    'what answers is no HTTP/1.1 server; for a Thanos Store API write host:port or grpc://host:port',
  ],
  NOT_HTTP2: [
    'unavailable',
    'what answers is no gRPC server; for a Prometheus write http:// in front of the address',
  ],
  CERT_HAS_EXPIRED: ['unavailable', 'its TLS certificate has expired; renew it'],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'unavailable',
    'its TLS certificate is for another name; set the server name or renew the certificate',
  ],
};

/** What the error code of a connection that could not be made means, and what to do; undefined for other codes. */
export function connectionProblem(
  code: string,
): readonly [kind: BackendFailure['kind'], reason: string] | undefined {
  return REASONS[code];
}
