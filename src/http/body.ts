import { Buffer } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { QueryError, messageOf } from '../model/errors.ts';
import { formOf, readForm, type Form } from './parameters/form.ts';

/** The largest form that Go's servers read. */
export const BODY_LIMIT: number = 10 * 1024 * 1024;

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

/** The parameters of body and URL. Values of the body come first, as in Go's `Request.Form`. */
export async function requestForm(request: FastifyRequest): Promise<Form> {
  const { body, headers } = request;
  const inUrl = queryString(request.raw.url ?? '');
  if (!(body instanceof Buffer)) return readForm(inUrl);
  const contentType = headers['content-type'] ?? '';
  if (!contentType.toLowerCase().startsWith(MULTIPART)) return readForm(body.toString('utf8'), inUrl);
  const url = readForm(inUrl);
  const fields = await readMultipart(body, contentType);
  return {
    get: (name) => fields.get(name) || url.get(name),
    all: (name) => [...fields.all(name), ...url.all(name)],
  };
}

function queryString(url: string): string {
  const mark = url.indexOf('?');
  return mark === -1 ? '' : url.slice(mark + 1);
}

/** Reads RFC 7578 with the platform's own parser. Files are no parameters. Throws `bad_data`. */
async function readMultipart(body: Buffer, contentType: string): Promise<Form> {
  try {
    const data = await new Response(new Uint8Array(body), {
      headers: { 'content-type': contentType },
    }).formData();
    return formOf([...data].filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  } catch (error) {
    throw new QueryError('bad_data', `error parsing form values: ${messageOf(error)}`, { cause: error });
  }
}
