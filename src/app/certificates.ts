import { X509Certificate } from 'node:crypto';

const WHOLE =
  /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[^-]*-----END (?:X509 |TRUSTED )?CERTIFICATE-----/g;

/** The whole certificates of a PEM text, as texts. */
export function certificatesIn(pem: string): readonly string[] {
  return pem.match(WHOLE) ?? [];
}

/** When the first of the certificates of a PEM text expires, ms since the epoch; undefined where there is none. */
export function firstExpiry(pem: string | undefined): number | undefined {
  const expiries = certificatesIn(pem ?? '').flatMap(expiryOf);
  return expiries.length === 0 ? undefined : Math.min(...expiries);
}

/** None of a certificate that is damaged: it was refused where it was read, and a metric is no place to fail. */
function expiryOf(certificate: string): readonly number[] {
  try {
    return [new X509Certificate(certificate).validToDate.getTime()];
  } catch {
    return [];
  }
}
