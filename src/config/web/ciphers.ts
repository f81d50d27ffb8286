/** The suites of TLS 1.3, which Go always has on, whatever is configured. */
const OF_TLS13 = ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'];

/** The suites up to TLS 1.2 that Go takes for safe (crypto/tls, CipherSuites), with OpenSSL's names, in the order of preference. */
const UP_TO_TLS12: ReadonlyMap<string, string> = new Map([
  ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', 'ECDHE-ECDSA-AES128-GCM-SHA256'],
  ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 'ECDHE-RSA-AES128-GCM-SHA256'],
  ['TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', 'ECDHE-ECDSA-AES256-GCM-SHA384'],
  ['TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', 'ECDHE-RSA-AES256-GCM-SHA384'],
  ['TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256', 'ECDHE-ECDSA-CHACHA20-POLY1305'],
  ['TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256', 'ECDHE-RSA-CHACHA20-POLY1305'],
  ['TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA', 'ECDHE-ECDSA-AES128-SHA'],
  ['TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA', 'ECDHE-RSA-AES128-SHA'],
  ['TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA', 'ECDHE-ECDSA-AES256-SHA'],
  ['TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA', 'ECDHE-RSA-AES256-SHA'],
]);

/** One of these must be allowed where HTTP/2 is on (RFC 9113 §9.2.2), or Prometheus does not start. */
export const FOR_HTTP2: readonly string[] = [
  'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
];

export function isCipherSuite(name: string): boolean {
  return OF_TLS13.includes(name) || UP_TO_TLS12.has(name);
}

/** The suites as OpenSSL takes them; all of Go's where none is named. */
export function opensslCiphers(names: readonly string[]): string {
  const chosen = names.length === 0 ? [...UP_TO_TLS12.keys()] : names;
  return [...OF_TLS13, ...chosen.flatMap((name) => UP_TO_TLS12.get(name) ?? [])].join(':');
}

/** Go's names of curves, with OpenSSL's. */
export const CURVES: ReadonlyMap<string, string> = new Map([
  ['CurveP256', 'P-256'],
  ['CurveP384', 'P-384'],
  ['CurveP521', 'P-521'],
  ['X25519', 'X25519'],
]);

/** Go's names of versions, with Node's. */
export const TLS_VERSIONS: ReadonlyMap<string, 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'> = new Map([
  ['TLS13', 'TLSv1.3'],
  ['TLS12', 'TLSv1.2'],
  ['TLS11', 'TLSv1.1'],
  ['TLS10', 'TLSv1'],
]);
