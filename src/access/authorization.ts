/** What the header `Authorization` holds. */
export type Authorization =
  | { readonly kind: 'basic'; readonly user: string; readonly password: string }
  | { readonly kind: 'bearer'; readonly token: string };

const SCHEME = /^(?<scheme>basic|bearer) +(?<value>\S+) *$/i;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Longer ones than any that is in use; characters. A header may have a mebibyte, and all of it would be hashed. */
const LONGEST = 16_384;

/** Reads the header (RFC 7617, RFC 6750); undefined where it is none of the two, or is malformed. */
export function parseAuthorization(header: unknown): Authorization | undefined {
  if (typeof header !== 'string' || header.length > LONGEST) return undefined;
  const { scheme = '', value = '' } = SCHEME.exec(header)?.groups ?? {};
  if (scheme.toLowerCase() === 'bearer') return { kind: 'bearer', token: value };
  if (scheme === '' || !BASE64.test(value)) return undefined;
  const text = Buffer.from(value, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon === -1
    ? undefined
    : { kind: 'basic', user: text.slice(0, colon), password: text.slice(colon + 1) };
}
