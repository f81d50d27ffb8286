import type { HttpConfig } from '../config/config.ts';
import { allowedOrigins, type AllowedOrigins } from '../http/cors.ts';
import { messageOf, QueryError } from '../model/errors.ts';

/** The origins whose pages may read answers. Throws `bad_data` where the pattern is none. */
export function webOrigins({
  disable_cors: isDisabled,
  cors_origin: pattern,
}: HttpConfig): AllowedOrigins | undefined {
  try {
    const allowed = allowedOrigins(pattern);
    return isDisabled ? undefined : allowed;
  } catch (thrown) {
    throw new QueryError(
      'bad_data',
      `http.cors_origin (--web.cors.origin) is no pattern of origins: ${messageOf(thrown)}`,
      { cause: thrown },
    );
  }
}
