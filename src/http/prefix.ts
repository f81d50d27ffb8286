import type { IncomingHttpHeaders } from 'node:http';

/** Under which path this server is asked. Paths are empty, or such as `/prometheus`. */
export interface WebPrefix {
  /** In front of every route. */
  readonly route: string;
  /** What clients have in front of every route, where a proxy in front changes it and tells nothing else. */
  readonly shown: string;
  /** The same, whatever a proxy tells. */
  readonly fixed?: string | undefined;
  /** The header in which a proxy tells it, in small letters. */
  readonly header?: string | undefined;
}

export const NO_PREFIX: WebPrefix = { route: '', shown: '' };

/** A path that no route has, for what is asked outside of the prefix. */
const OUTSIDE = '/-/outside';

/**
 * What is also served without the prefix: Thanos does that, so probes need no new path, and such a path is not in the way of
 * anything.
 */
const WITHOUT_PREFIX = /^\/+(?:-\/+(?:healthy|ready)|metrics)(?:\?|$)/;

/** Characters of a path that a proxy may tell. Others would be a host, a query, or another header. */
const TOLD_PATH = /^[\w\-.~/!$&'()*+,;=:@%]{0,1000}$/;

/** Takes the prefix off the URLs of requests, so that routes know nothing of it. Doubled slashes are as good as single ones. */
export function prefixRemover({ route }: WebPrefix): (url: string) => string {
  if (route === '') return (url) => url;
  const pattern = patternOf(route);
  return (url) => {
    const [found] = pattern.exec(url) ?? [];
    if (found === undefined) return WITHOUT_PREFIX.test(url) ? url : OUTSIDE;
    const rest = url.slice(found.length);
    return rest.startsWith('/') ? rest : `/${rest}`;
  };
}

/** What the client of a request has in front of every route. */
export function shownPrefix(
  { shown, fixed, header }: WebPrefix,
  headers: Readonly<IncomingHttpHeaders>,
): string {
  if (fixed !== undefined) return fixed;
  const told = header === undefined ? undefined : headers[header];
  if (typeof told !== 'string' || !TOLD_PATH.test(told)) return shown;
  // Two slashes at the start would lead to another host.
  return told
    .split('/')
    .filter((segment) => segment !== '')
    .map((segment) => `/${segment}`)
    .join('');
}

/** The URL by which a client reaches what has this URL here. */
export function shownUrl(prefix: WebPrefix, headers: Readonly<IncomingHttpHeaders>, url: string): string {
  const [found] = patternOf(prefix.route).exec(url) ?? [];
  return found === undefined ? url : shownPrefix(prefix, headers) + url.slice(found.length);
}

function patternOf(route: string): RegExp {
  const segments = route.split('/').slice(1);
  const escaped = segments.map((segment) => `/+${segment.replaceAll(/\W/g, String.raw`\$&`)}`);
  return new RegExp(`^${escaped.join('')}(?=[/?]|$)`);
}
