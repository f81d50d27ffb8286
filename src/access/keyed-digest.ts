import { createHmac, randomBytes } from 'node:crypto';

/** Of this process alone: what is kept of secrets in memory is of no use elsewhere, and nobody can foresee it. */
const KEY = randomBytes(32);

/** A digest of texts under a key of this process. To compare digests tells nothing of how far secrets are alike. */
export function keyedDigest(...texts: readonly string[]): string {
  const hmac = createHmac('sha256', KEY);
  for (const text of texts) hmac.update(`${Buffer.byteLength(text)}:`).update(text);
  return hmac.digest('base64');
}
