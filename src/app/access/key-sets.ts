import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
} from 'jose';
import { formatBytes } from '../../model/byte-size.ts';
import { QueryError } from '../../model/errors.ts';

/** Keys are far smaller; bytes. */
const MOST_BYTES = 1024 ** 2;

const TIMEOUT_MS = 5000;
/** Between two looks for a key that is not known: tokens with made-up ones must not become requests to the issuer. */
const COOLDOWN_MS = 30_000;
const MOST_AGE_MS = 10 * 60_000;

/** The keys of a text in the form of RFC 7517, which was looked at before. */
export function keysOfText(content: string): JWTVerifyGetKey {
  return createLocalJWKSet(JSON.parse(content) as JSONWebKeySet);
}

/** The keys that an issuer publishes. They are asked for when a token needs them. */
export function keysOfUrl(url: string): JWTVerifyGetKey {
  return createRemoteJWKSet(new URL(url), {
    timeoutDuration: TIMEOUT_MS,
    cooldownDuration: COOLDOWN_MS,
    cacheMaxAge: MOST_AGE_MS,
    [customFetch]: async (address, options) => {
      const answer = await fetch(address, options);
      return new Response(await boundedText(answer), { status: answer.status, headers: answer.headers });
    },
  });
}

async function boundedText({ body }: Response): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body ?? []) {
    size += part.length;
    if (size > MOST_BYTES)
      throw new QueryError('unavailable', `the keys of the issuer have more than ${formatBytes(MOST_BYTES)}`);
    parts.push(part);
  }
  return Uint8Array.from(Buffer.concat(parts));
}
