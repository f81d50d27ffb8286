import type { FastifyReply, FastifyRequest } from 'fastify';
import { WARNINGS_FOLLOW_HEADER, WARNINGS_HEADER } from '../model/warnings-header.ts';

/** Many clients read 8 KiB of headers in all. */
const MOST_CHARACTERS = 4000;

/** Adds the warnings to the header, if there are any: a list of JSON in ASCII, and how many more there are. */
export function addWarnings(reply: FastifyReply, warnings: readonly string[]): void {
  if (warnings.length > 0) reply.header(WARNINGS_HEADER, headerOf(warnings));
}

/** Whether the client of a request takes what stands behind a body (RFC 9110 §10.1.4). */
export function takesTrailers({ headers: { te } }: Pick<FastifyRequest, 'headers'>): boolean {
  return te !== undefined && /(?:^|[\s,])trailers(?:$|[\s,;])/i.test(String(te));
}

/** Adds the warnings behind the body: all that there are when it was made. */
export function addLateWarnings(reply: FastifyReply, warnings: () => readonly string[]): void {
  reply.header(WARNINGS_FOLLOW_HEADER, 'trailer');
  reply.trailer(WARNINGS_HEADER, () => Promise.resolve(headerOf(warnings())));
}

function headerOf(warnings: readonly string[]): string {
  const shown: string[] = [];
  let room = MOST_CHARACTERS;
  for (const warning of warnings) {
    const text = inAscii(warning);
    room -= text.length + 1;
    if (room < 0) break;
    shown.push(text);
  }
  const more = warnings.length - shown.length;
  if (more > 0) shown.push(`"${more} warnings ${shown.length > 0 ? 'more ' : ''}do not fit here"`);
  return `[${shown.join(',')}]`;
}

function inAscii(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
