import type { HttpConfig } from '../config/config.ts';
import { allowedOrigins, type AllowedOrigins } from '../http/cors.ts';
import { ANY_ORIGIN } from '../model/any-origin.ts';
import { messageOf, QueryError } from '../model/errors.ts';

/**
 * The origins whose pages may read answers. Where none is said, all may, as by Prometheus, unless callers have to show who they are.
 * Throws `bad_data` where the pattern is none.
 */
export function webOrigins(
  { disable_cors: isDisabled, cors_origin: pattern }: HttpConfig,
  isGuarded: () => boolean,
): () => AllowedOrigins | undefined {
  try {
    const allowed = allowedOrigins(pattern ?? ANY_ORIGIN);
    return () => (isDisabled || (pattern === undefined && isGuarded()) ? undefined : allowed);
  } catch (thrown) {
    throw new QueryError(
      'bad_data',
      `http.cors_origin (--web.cors.origin) is no pattern of origins: ${messageOf(thrown)}`,
      { cause: thrown },
    );
  }
}

/** The host of the URL by which clients reach this server, with its port where that is not the usual one. */
export function externalHost({ external_url: url }: Pick<HttpConfig, 'external_url'>): string | undefined {
  return url === undefined || !URL.canParse(url) ? undefined : new URL(url).host;
}

/** The hosts that are served; any where none is named. */
export function webHosts(
  http: Pick<HttpConfig, 'external_url' | 'allowed_hosts'>,
): ReadonlySet<string> | undefined {
  if (http.allowed_hosts.length === 0) return undefined;
  const { external_url: url } = http;
  const external = url !== undefined && URL.canParse(url) ? [new URL(url).hostname] : [];
  return new Set([...http.allowed_hosts, ...external]);
}
