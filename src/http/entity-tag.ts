import { createHash } from 'node:crypto';

/** Clients have one tag of an answer, or a few. A longer list would take long to read. */
const LONGEST_LIST = 8192;

/** Bytes of a digest that are enough: the tag is compared with those of one URL alone. */
const DIGEST_CHARACTERS = 22;

/** The tag of a body. It is weak, since the body may be sent compressed or not (RFC 9110 §8.8.3). */
export function entityTag(body: Uint8Array): string {
  return `W/"${createHash('sha256').update(body).digest('base64url').slice(0, DIGEST_CHARACTERS)}"`;
}

/** Whether the client has the body with this tag already (RFC 9110 §13.1.2). */
export function isKnown(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined || ifNoneMatch.length > LONGEST_LIST) return false;
  if (ifNoneMatch.trim() === '*') return true;
  const opaque = withoutWeakness(tag);
  return ifNoneMatch.split(',').some((item) => withoutWeakness(item.trim()) === opaque);
}

function withoutWeakness(tag: string): string {
  return tag.startsWith('W/') ? tag.slice(2) : tag;
}
