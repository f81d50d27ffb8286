import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import { test } from 'node:test';
import { answerClientError } from '../../src/http/client-error.ts';

/** What is written to a socket on which an error with this code occurred. */
function answerTo(code: string, isWritable = true): string {
  const written: string[] = [];
  const socket = Object.create(Socket.prototype, {
    writable: { value: isWritable },
    end: { value: (text: string) => written.push(text) },
    destroy: { value: () => undefined },
  }) as Socket;
  answerClientError(Object.assign(new Error('parse error'), { code }), socket);
  return written.join('');
}

test('headers that are too long name the way out', () => {
  assert.match(answerTo('HPE_HEADER_OVERFLOW'), /^HTTP\/1\.1 431 .*"bad_data".*by POST"\}$/s);
});

test('requests that do not arrive time out', () => {
  assert.match(answerTo('ERR_HTTP_REQUEST_TIMEOUT'), /^HTTP\/1\.1 408 Request Timeout\r\n/);
});

test('a length in bytes stands in front of the body', () => {
  const [head, body] = answerTo('HPE_INVALID_METHOD').split('\r\n\r\n');
  assert.match(head!, new RegExp(`Content-Length: ${Buffer.byteLength(body!)}\r\nConnection: close$`));
});

test('clients that are gone get nothing', () => {
  assert.equal(answerTo('ECONNRESET'), '');
  assert.equal(answerTo('HPE_INVALID_METHOD', false), '');
});
