import { Buffer } from 'node:buffer';
import type { Socket } from 'node:net';
import { encodeFailure } from './envelope.ts';

/** Node's codes for requests that it gives up on, with the answer to each. Any other code means a malformed request. */
const ANSWERS: Readonly<Record<string, readonly [status: string, problem: string]>> = {
  HPE_HEADER_OVERFLOW: [
    '431 Request Header Fields Too Large',
    'the request line and headers are too long; send long queries as a form by POST',
  ],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'the request did not arrive in time; send it again'],
};

const MALFORMED = ['400 Bad Request', 'the request is not HTTP'] as const;

/** Answers what never became a request on its bare socket, in the envelope of the API. Then it closes the connection. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return;
  const [status, problem] = ANSWERS[error.code ?? ''] ?? MALFORMED;
  const body = encodeFailure('bad_data', problem);
  const head = [
    `HTTP/1.1 ${status}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
