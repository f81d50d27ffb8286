import { Buffer } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { readForm, type Form } from './parameters/form.ts';
import { readMultipart } from './parameters/multipart.ts';

/**
 * Room for a query of a million characters that are all escaped. Go's servers read 10 MiB, but no query is as long, and
 * all other requests would wait while it is read.
 */
export const BODY_LIMIT: number = 3 * 1024 * 1024;

const URL_ENCODED = 'application/x-www-form-urlencoded';
const MULTIPART = 'multipart/form-data';

/** Keeps the bodies of forms as they came. Other bodies have no meaning in this API, and Prometheus ignores them, too. */
export function acceptForms(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  for (const type of [URL_ENCODED, MULTIPART]) {
    server.addContentTypeParser(type, { parseAs: 'buffer' }, async (_request: unknown, body: Buffer) => body);
  }
  server.addContentTypeParser('*', { parseAs: 'buffer' }, async () => undefined);
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

function queryString(url: string): string {
  const mark = url.indexOf('?');
  return mark === -1 ? '' : url.slice(mark + 1);
}
