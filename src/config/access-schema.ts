import { isIP } from 'node:net';
import { z } from 'zod';
import type { AccessConfig, JwtConfig } from './config.ts';
import { duration, headerName, text } from './fields.ts';

/** Keys that come over plain text could be those of anybody; other ports of this machine are taken for safe. */
const JWKS_URL = /^(?:https:\/\/[^\s/@]+|http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?)(?:\/\S*)?$/;

const jwt: z.ZodType<JwtConfig> = z
  .strictObject({
    issuer: text,
    audience: z.array(text).min(1, { error: 'needs the audience of this gateway' }),
    jwks_url: text
      .refine((url) => JWKS_URL.test(url), { error: 'must be an https:// URL without credentials' })
      .optional(),
    jwks_file: text.optional(),
    user_claim: text.default('sub'),
    tenant_claim: text.optional(),
    clock_skew: duration.prefault('30s'),
  })
  .refine(({ jwks_url: url, jwks_file: file }) => (url === undefined) !== (file === undefined), {
    error: 'needs either jwks_url or jwks_file',
  });

const network: z.ZodType<string> = text.refine(isNetwork, {
  error: 'must be an address or a network, such as 10.0.0.0/8',
});

function isNetwork(given: string): boolean {
  const [address = '', length, ...more] = given.split('/');
  const family = isIP(address);
  const most = family === 6 ? 128 : 32;
  const isLength = length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= most);
  return family !== 0 && isLength && more.length === 0;
}

export const access: z.ZodType<AccessConfig> = z.strictObject({
  open_health: z.boolean().default(false),
  tokens_file: text.optional(),
  jwt: jwt.optional(),
  trusted_proxies: z.array(network).default([]),
  user_header: headerName.default('X-Forwarded-User'),
});
