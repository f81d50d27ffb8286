import type { HttpConfig } from '../config/config.ts';
import type { WebPrefix } from '../http/prefix.ts';

/** Routes are under the path that clients use where nothing else is said, as in Prometheus and in Thanos. */
export function webPrefix(http: HttpConfig): WebPrefix {
  const { external_url: url, external_prefix: fixed, route_prefix: route, prefix_header: header } = http;
  const ofUrl = url === undefined ? undefined : new URL(url, 'http://any').pathname.replace(/\/+$/, '');
  const under = route ?? fixed ?? ofUrl ?? '';
  return { route: under, shown: fixed ?? ofUrl ?? under, fixed, header: header?.toLowerCase() };
}
