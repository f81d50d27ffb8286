import { Buffer } from 'node:buffer';
import { formOf, malformedForm, utf8Of, type Form } from './form.ts';

/** As Go's mime/multipart (`multipartmaxparts`). */
const MOST_PARTS = 1000;

/** The header of a part names its parameter. It takes some hundred bytes. */
const LONGEST_HEADER = 16 * 1024;

const LINE_END = Buffer.from('\r\n');
const HEADER_END = Buffer.from('\r\n\r\n');
const DASHES = Buffer.from('--');

const BOUNDARY = /;\s*boundary=(?:"(?<quoted>[^"]{1,70})"|(?<bare>[^\s;"]{1,70}))/i;

/**
 * Reads a form of RFC 7578. Files are no parameters, and are left out. Throws `bad_data` where it is malformed, and for
 * more than 1000 parts. Those are counted as they are found, because each costs much more than the bytes that it has.
 */
export function readMultipart(body: Buffer, contentType: string): Form {
  const groups = BOUNDARY.exec(contentType)?.groups;
  const boundary = groups?.['quoted'] ?? groups?.['bare'];
  if (boundary === undefined) throw malformedForm('the header Content-Type names no multipart boundary');
  const fields: (readonly [string, string])[] = [];
  let count = 0;
  for (const part of partsOf(body, boundary)) {
    if (++count > MOST_PARTS)
      throw malformedForm(`there are more than ${MOST_PARTS} parts, the most that are read`);
    const field = readPart(part);
    if (field !== undefined) fields.push(field);
  }
  return formOf(fields);
}

/** What stands between delimiters: a header, an empty line, a value. */
function* partsOf(body: Buffer, boundary: string): Generator<Buffer> {
  const first = Buffer.from(`--${boundary}`);
  const delimiter = Buffer.concat([LINE_END, first]);
  // What stands before the first delimiter is no part. The body may begin with it, without a line before.
  let at = startsWith(body, 0, first) ? first.length : endOf(body, delimiter, 0);
  while (!startsWith(body, at, DASHES)) {
    const start = endOf(body, LINE_END, at);
    const end = endOf(body, delimiter, start - LINE_END.length);
    yield body.subarray(start, Math.max(start, end - delimiter.length));
    at = end;
  }
}

function startsWith(body: Buffer, at: number, text: Buffer): boolean {
  return body.subarray(at, at + text.length).equals(text);
}

function endOf(body: Buffer, text: Buffer, from: number): number {
  const at = body.indexOf(text, from);
  if (at === -1) throw malformedForm('the multipart form has no end');
  return at + text.length;
}

const DISPOSITION = /^content-disposition:[ \t]*form-data[ \t]*(?<parameters>;[^\r\n]*)/im;
const NAME = /;[ \t]*name=(?:"(?<quoted>[^"]*)"|(?<bare>[^\s;"]+))/i;
const FILE = /;[ \t]*filename\*?=/i;

/** The parameter of a part; undefined for a file. */
function readPart(part: Buffer): readonly [name: string, value: string] | undefined {
  const length = part.subarray(0, LONGEST_HEADER).indexOf(HEADER_END);
  if (length === -1) throw malformedForm('a part of the multipart form has no header, or a very long one');
  const { parameters } = DISPOSITION.exec(utf8Of(part.subarray(0, length)))?.groups ?? {};
  const groups = NAME.exec(parameters ?? '')?.groups;
  const name = groups?.['quoted'] ?? groups?.['bare'];
  if (parameters === undefined || name === undefined)
    throw malformedForm('a part of the multipart form has no Content-Disposition with a name');
  if (FILE.test(parameters)) return undefined;
  return [name, utf8Of(part.subarray(length + HEADER_END.length))];
}
