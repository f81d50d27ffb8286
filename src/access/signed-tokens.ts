import { errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { QueryError } from '../model/errors.ts';
import type { Identity } from '../model/identity.ts';
import type { BearerCheck } from './named-tokens.ts';

/** Which tokens are taken, and what their claims mean. */
export interface SignedTokenRules {
  readonly issuer: string;
  /** One of them must be among those of the token. */
  readonly audience: readonly string[];
  /** ms by which clocks may differ. */
  readonly clockSkew: number;
  readonly userClaim: string;
  /** A text or a list of texts; undefined where tokens name no tenants. */
  readonly tenantClaim: string | undefined;
}

/** A secret that both sides have would let whoever checks tokens make them, too, so those algorithms are left out. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

/** Tenants of one token that are read. */
const MOST_TENANTS = 100;

/** Failures to get the keys, which say nothing of the token. */
const OF_KEYS: ReadonlySet<string> = new Set(['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC']);

/**
 * Checks JSON Web Tokens (RFC 7519): signature, issuer, audience and times. One without an end is refused.
 * @param keys finds the key that signed a token.
 * @param now ms since the epoch.
 */
export function signedTokens(
  rules: SignedTokenRules,
  keys: () => JWTVerifyGetKey,
  now: () => number,
): BearerCheck {
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, keys(), {
        issuer: rules.issuer,
        audience: [...rules.audience],
        clockTolerance: rules.clockSkew / 1000,
        currentDate: new Date(now()),
        algorithms: ALGORITHMS,
        requiredClaims: ['exp'],
      });
      return identityOf(payload, rules);
    } catch (thrown) {
      if (thrown instanceof errors.JOSEError && !OF_KEYS.has(thrown.code)) return undefined;
      // What a library says may quote what it was given.
      throw new QueryError('unavailable', 'the keys that sign tokens cannot be had now; try again later', {
        cause: thrown,
      });
    }
  };
}

function identityOf(payload: JWTPayload, { userClaim, tenantClaim }: SignedTokenRules): Identity | undefined {
  const user = payload[userClaim];
  if (typeof user !== 'string' || user === '') return undefined;
  if (tenantClaim === undefined) return { user, how: 'jwt', tenants: undefined };
  const given = [payload[tenantClaim] ?? []].flat();
  const tenants = given.filter((tenant) => typeof tenant === 'string').slice(0, MOST_TENANTS);
  return { user, how: 'jwt', tenants };
}
