import type { FastifyBaseLogger } from 'fastify';
import { NamedTokens, type BearerCheck } from '../../access/named-tokens.ts';
import { readTokens } from '../../config/access-tokens.ts';
import type { AccessConfig, JwtConfig } from '../../config/config.ts';
import { SYSTEM_CLOCK } from '../../model/clock.ts';
import type { Timers } from '../../model/timers.ts';
import { checkKeySet } from './check-key-set.ts';
import { WatchedValue, type ReadFile } from './watched-value.ts';

/** What looks at bearer tokens. */
export interface Bearers {
  readonly checks: readonly BearerCheck[];
  /** What of it is made of files, by name. */
  readonly watched: Readonly<Record<string, Pick<WatchedValue<unknown>, 'problem' | 'stop'>>>;
}

type Watch = <T>(name: string, make: (read: ReadFile) => T) => WatchedValue<T>;

/** Rejects with `bad_data` where a file cannot be used. */
export async function watchBearers(
  { tokens_file: file, jwt }: AccessConfig,
  logger: FastifyBaseLogger,
  timers: Timers,
): Promise<Bearers> {
  const note = (level: 'info' | 'warn', message: string): void => logger[level](message);
  const watch: Watch = (name, make) => new WatchedValue({ name, make, timers, note });
  const signed = jwt === undefined ? { checks: [], watched: {} } : await watchSigned(jwt, watch);
  if (file === undefined) return signed;
  const tokens = watch(`the file of tokens ${file}`, (read) => new NamedTokens(readTokens(file, read(file))));
  return {
    checks: [(token) => tokens.current().find(token), ...signed.checks],
    watched: { tokens, ...signed.watched },
  };
}

/** The library is loaded where there are such tokens alone. */
async function watchSigned(jwt: JwtConfig, watch: Watch): Promise<Bearers> {
  const { signedTokens } = await import('../../access/signed-tokens.ts');
  const { keysOfText, keysOfUrl } = await import('./key-sets.ts');
  const rules = {
    issuer: jwt.issuer,
    audience: jwt.audience,
    clockSkew: jwt.clock_skew,
    userClaim: jwt.user_claim,
    tenantClaim: jwt.tenant_claim,
  };
  const { jwks_file: file, jwks_url: url = '' } = jwt;
  const jwks =
    file === undefined
      ? undefined
      : watch(`the keys of tokens ${file}`, (read) => {
          const text = read(file);
          checkKeySet(file, text);
          return keysOfText(text);
        });
  const published = jwks === undefined ? keysOfUrl(url) : undefined;
  const check = signedTokens(
    rules,
    () => published ?? jwks!.current(),
    () => SYSTEM_CLOCK.now(),
  );
  return { checks: [check], watched: jwks === undefined ? {} : { jwks } };
}
