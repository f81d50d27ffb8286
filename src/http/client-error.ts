import { Buffer } from 'node:buffer';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { SYSTEM_TIMERS, type Timers } from '../model/timers.ts';
import { encodeFailure } from './envelope.ts';
import { retryAfter } from './errors.ts';

const TIMEOUT = 'ERR_HTTP_REQUEST_TIMEOUT';

/** Node's codes for requests that it gives up on, with the answer to each. Any other code means a malformed request. */
const ANSWERS: Readonly<Record<string, readonly [status: string, problem: string]>> = {
  HPE_HEADER_OVERFLOW: [
    '431 Request Header Fields Too Large',
    'the request line and headers are too long; send long queries as a form by POST',
  ],
  [TIMEOUT]: ['408 Request Timeout', 'the request did not arrive in time; send it again'],
};

const MALFORMED = ['400 Bad Request', 'the request is not HTTP'] as const;

/** How long a client has to read why it was turned away, ms. Then the connection ends, whatever the client does. */
const LINGER_MS = 1000;

/** Whether a request was given up because it did not arrive in time. */
export function isTimeout({ code }: NodeJS.ErrnoException): boolean {
  return code === TIMEOUT;
}

/** Whether it broke below HTTP, where nothing can be answered. */
export function isOfTls({ code = '' }: NodeJS.ErrnoException): boolean {
  return code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_');
}

/** Answers what never became a request on its bare socket, in the envelope of the API. Then it closes the connection. */
export function answerClientError(
  error: NodeJS.ErrnoException,
  socket: Socket,
  timers: Timers = SYSTEM_TIMERS,
): void {
  const { code = '' } = error;
  if (code === 'ECONNRESET' || isOfTls(error) || !socket.writable) socket.destroy();
  else answer(socket, ANSWERS[code] ?? MALFORMED, timers);
}

/** The same for a request whose body did not arrive. */
export function answerTimeout(socket: Socket, timers: Timers): void {
  answer(socket, ANSWERS[TIMEOUT]!, timers);
}

/** Answers that all places for connections are taken, and closes this one behind it. */
export function answerFull(answer: ServerResponse, most: number): void {
  const body = encodeFailure(
    'unavailable',
    `${most} connections have requests already, which is the limit (--web.max-connections); try again later`,
  );
  answer
    .writeHead(503, {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
      'Retry-After': String(retryAfter()),
      Connection: 'close',
    })
    .end(body);
}

function answer(socket: Socket, [status, problem]: readonly [string, string], timers: Timers): void {
  const body = encodeFailure('bad_data', problem);
  const head = [
    `HTTP/1.1 ${status}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  // A client that keeps its side open would keep the connection.
  timers.after(LINGER_MS, () => socket.destroy());
}
