import type { FastifyInstance } from 'fastify';
import { shownUrl, type WebPrefix } from './prefix.ts';
import { sendText } from './respond.ts';

/** Of answers that tell nothing but which paths and methods there are. */
const OPEN = { config: { isOpen: true } } as const;

/**
 * Answers what no route serves as Prometheus does: plain texts for unknown paths and for wrong methods, and a redirect
 * for paths with `.` and `..`. Those are never resolved here: a proxy in front that allows some paths would not see which
 * one is served. The status is 308 for every method, because clients drop the body of a POST on Prometheus' 301. Where there is a
 * prefix, `/` leads to it.
 */
export function refuseTheRest(server: FastifyInstance, prefix: WebPrefix): void {
  server.setNotFoundHandler(({ method, originalUrl: url, headers }, reply) => {
    const clean = withoutDotSegments(url);
    if (clean !== url)
      return sendText(
        reply.header('Location', shownUrl(prefix, headers, clean)),
        308,
        'Permanent Redirect\n',
      );
    const isRoot = prefix.route !== '' && /^\/+(?:\?|$)/.test(url);
    return isRoot && (method === 'GET' || method === 'HEAD')
      ? sendText(reply.header('Location', `${prefix.route}/`), 302, 'Found\n')
      : sendText(reply, 404, '404 page not found\n');
  });
  server.options('/api/v1/*', OPEN, (_request, reply) => reply.code(204).send());
}

/**
 * Collects the routes that are added from now on. Calling the result adds, to each path, an answer to OPTIONS and to the methods
 * that none of them serves.
 */
export function methodGuard(server: FastifyInstance): () => void {
  const served = new Map<string, Set<string>>();
  server.addHook('onRoute', ({ url, method }) => {
    const methods = served.get(url) ?? new Set<string>();
    for (const one of [method].flat()) methods.add(one);
    served.set(url, methods);
  });
  return () => {
    for (const [url, methods] of served) refuseOtherMethods(server, url, methods);
  };
}

/** As Prometheus, which answers OPTIONS of the API without content and of other paths with the methods that they have. */
function refuseOtherMethods(server: FastifyInstance, url: string, served: ReadonlySet<string>): void {
  const allowed = [...served, 'OPTIONS'].toSorted();
  const allow = allowed.join(', ');
  const refused = server.supportedMethods.filter((method) => !allowed.includes(method));
  server.route({
    method: refused,
    url,
    ...OPEN,
    handler: async (_request, reply) => sendText(reply.header('Allow', allow), 405, 'Method Not Allowed\n'),
  });
  if (url.startsWith('/api/')) return;
  server.options(url, async (_request, reply) => reply.header('Allow', allow).code(200).send());
}

const DOT_SEGMENT = /\/\.\.?(?:\/|$)/;

/** A path as Go's net/http cleans it, with its query string; as it came where it has no `.` or `..` between slashes. */
function withoutDotSegments(url: string): string {
  const mark = url.indexOf('?');
  const path = mark === -1 ? url : url.slice(0, mark);
  if (!path.startsWith('/') || !DOT_SEGMENT.test(path)) return url;
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '.' && segment !== '') segments.push(segment);
  }
  const end = path.endsWith('/') && segments.length > 0 ? '/' : '';
  return `/${segments.join('/')}${end}${url.slice(path.length)}`;
}
