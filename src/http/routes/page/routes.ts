import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { negotiateOneOf } from '../../content-encoding.ts';
import type { HttpOptions } from '../../context.ts';
import { described } from '../../openapi/operation.ts';
import { inPath } from '../../openapi/parameters.ts';
import { shownPrefix } from '../../prefix.ts';
import { sendText } from '../../respond.ts';
import { appendVary, sendPieces } from '../../send.ts';
import { FOREVER, PAGE_HEADERS } from './headers.ts';
import { BASE_MARK } from './manifest.ts';
import { PAGE_CODINGS, type PageCoding } from './page-files.ts';

/** Where the page has something to show. `/graph` is where links of Prometheus and of alerts lead. */
export const PAGE_PATHS = [
  '/query',
  '/graph',
  '/explore',
  '/endpoints',
  '/rules',
  '/alerts',
  '/targets',
  '/queries',
  '/status',
] as const;

const CODINGS = Object.keys(PAGE_CODINGS) as readonly PageCoding[];

const NOT_BUILT =
  'The page was not built. Build it with: npm run build:page\nThe API is there without it, under /api/v1/.\n';

/** The page for people: one document for all its paths, and the files that it loads. */
export function pageRoutes(server: FastifyInstance, { info, page, prefix, serves }: HttpOptions): void {
  const sendDocument = async (
    request: FastifyRequest,
    reply: FastifyReply,
    document: string,
  ): Promise<FastifyReply> => {
    const base = `${shownPrefix(prefix, request.headers)}/`;
    if (prefix.header !== undefined) appendVary(reply, prefix.header);
    reply.headers(PAGE_HEADERS).header('Cache-Control', 'no-cache').type('text/html; charset=utf-8');
    return sendPieces(request, reply, [document.replaceAll(BASE_MARK, escapeAttribute(base))], {
      isTagged: true,
    });
  };

  server.get(
    '/',
    described({
      access: 'open',
      summary: 'The page for browsers; for others, what this server is',
      answer: { kind: 'text', type: 'text/html' },
    }),
    async (request, reply) => {
      appendVary(reply, 'Accept');
      const document = acceptsPage(request.headers.accept) ? await page.document() : undefined;
      if (document !== undefined) return sendDocument(request, reply, document);
      const at = shownPrefix(prefix, request.headers);
      return sendText(
        reply,
        200,
        `${info.revision}: many Prometheus servers as one, with the API of Prometheus ${info.version}.\n` +
          `Query it like Prometheus under ${at}/api/v1/. ${metricsAt(at, serves)} Browsers are shown a page here.\n`,
      );
    },
  );

  for (const path of PAGE_PATHS)
    server.get(
      path,
      described({ access: 'open', summary: 'The page', answer: { kind: 'text', type: 'text/html' } }),
      async (request, reply) => {
        const document = await page.document();
        return document === undefined
          ? sendText(reply, 404, NOT_BUILT)
          : sendDocument(request, reply, document);
      },
    );

  server.get<{ Params: { name: string } }>(
    '/assets/:name',
    described({
      access: 'open',
      summary: 'A file of the page',
      parameters: [inPath('name', 'As the page names it.')],
      answer: { kind: 'text', type: 'text/javascript' },
    }),
    async (request, reply) => {
      const coding = negotiateOneOf(CODINGS, request.headers['accept-encoding']);
      const asset = await page.asset(request.params.name, coding);
      if (asset === undefined) return sendText(reply, 404, '404 page not found\n');
      appendVary(reply, 'Accept-Encoding');
      if (coding !== undefined) reply.header('Content-Encoding', coding);
      return reply.headers(PAGE_HEADERS).header('Cache-Control', FOREVER).type(asset.type).send(asset.body);
    },
  );
}

/** Browsers name the type. Tools such as curl take anything, and want a text. */
function acceptsPage(accept: string | undefined): boolean {
  return accept?.includes('text/html') === true;
}

/** A path that a proxy tells may hold quotes and ampersands. */
function escapeAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}

function metricsAt(prefix: string, serves: HttpOptions['serves']): string {
  return serves === 'queries'
    ? 'Its own metrics are at its admin address.'
    : `Its own metrics are under ${prefix}/metrics.`;
}
