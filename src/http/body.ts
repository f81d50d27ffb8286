import { Buffer } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { quote } from '../model/quote.ts';
import { readForm, type Form } from './parameters/form.ts';
import { readMultipart } from './parameters/multipart.ts';

/**
 * Room for a query of a million characters that are all escaped. Go's servers read 10 MiB, but no query is as long, and
 * all other requests would wait while it is read.
 */
export const BODY_LIMIT: number = 3 * 1024 * 1024;

const URL_ENCODED = 'application/x-www-form-urlencoded';
const MULTIPART = 'multipart/form-data';

const IDENTITY = 'identity';
const UNSUPPORTED_MEDIA_TYPE = 415;
/** Characters of a header that are told. */
const MOST_SHOWN = 100;

/**
 * Keeps the bodies of forms as they came, and those of routes that read a message. Other bodies have no meaning in this API, and
 * Prometheus ignores them, too.
 */
export function acceptForms(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  for (const type of [URL_ENCODED, MULTIPART]) {
    server.addContentTypeParser(type, { parseAs: 'buffer' }, async (_request: unknown, body: Buffer) => body);
  }
  server.addContentTypeParser('*', { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) =>
    request.routeOptions.config.messageEncoding === undefined ? undefined : body,
  );
}

/**
 * Refuses bodies that are encoded, such as with gzip, in another way than their route reads. Prometheus takes no heed of the header: it
 * reads the compressed bytes as a form, and answers that the query is missing.
 */
export function refuseEncodedBodies(server: FastifyInstance): void {
  server.addHook('preParsing', (request, _reply, payload, done) => {
    const { 'content-encoding': encoding = IDENTITY } = request.headers;
    const { messageEncoding } = request.routeOptions.config;
    if ([IDENTITY, messageEncoding].includes(encoding.toLowerCase())) return done(null, payload);
    const shown = quote(encoding.slice(0, MOST_SHOWN));
    const problem = `the body of the request has the Content-Encoding ${shown}, which is not read; send it as it is`;
    return done(Object.assign(new Error(problem), { statusCode: UNSUPPORTED_MEDIA_TYPE }));
  });
}

/** The parameters of body and URL. Values of the body come first, as in Go's `Request.Form`. Throws `bad_data`. */
export function requestForm(request: FastifyRequest): Form {
  const { body, headers } = request;
  const inUrl = queryString(request.raw.url ?? '');
  if (!(body instanceof Buffer)) return readForm(inUrl);
  const contentType = headers['content-type'] ?? '';
  if (!contentType.toLowerCase().startsWith(MULTIPART)) return readForm(body, inUrl);
  const url = readForm(inUrl);
  const fields = readMultipart(body, contentType);
  return {
    get: (name) => fields.get(name) || url.get(name),
    all: (name) => [...fields.all(name), ...url.all(name)],
  };
}

/** The parameters of the URL alone. Throws `bad_data`. */
export function urlForm(request: FastifyRequest): Form {
  return readForm(queryString(request.raw.url ?? ''));
}

function queryString(url: string): string {
  const mark = url.indexOf('?');
  return mark === -1 ? '' : url.slice(mark + 1);
}
