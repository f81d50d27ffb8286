/**
 * Whom a client certificate is issued for, of one that a trusted authority signed: values by abbreviation (`CN`, `O`), several where the
 * field is there several times.
 */
export type CertificateSubject = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The user whom a certificate names, which is its first common name; empty where it has none. */
export function userOf({ CN: names = '' }: CertificateSubject): string {
  return typeof names === 'string' ? names : (names[0] ?? '');
}
