import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test, type TestContext } from 'node:test';
import { OPEN_TO_ALL } from '../../src/http/admission.ts';
import { listening } from './support.ts';

/** The answer to a request with these headers. */
async function answerTo(t: TestContext, headers: string, hosts?: readonly string[]): Promise<string> {
  const access = { ...OPEN_TO_ALL, hosts: () => hosts && new Set(hosts) };
  const socket = connect({ host: '127.0.0.1', port: await listening(t, {}, { access }) });
  socket.write(`GET /-/healthy HTTP/1.1\r\n${headers}Connection: close\r\n\r\n`);
  let answer = '';
  for await (const part of socket) answer += String(part);
  return answer;
}

test('two Host headers are refused', async (t) => {
  for (const second of ['Host: b', 'hOST: a']) {
    const answer = await answerTo(t, `Host: a\r\n${second}\r\n`);
    assert.match(answer, /^HTTP\/1\.1 400 Bad Request\r\n.*"the request has two Host headers; send one"\}$/s);
  }
});

test('one is taken, and none is refused', async (t) => {
  assert.match(await answerTo(t, 'Host: a\r\n'), /^HTTP\/1\.1 200 /);
  assert.match(await answerTo(t, ''), /^HTTP\/1\.1 400 /);
});

test('hosts are refused that are not served; addresses are always', async (t) => {
  const hosts = ['m.example'];
  for (const host of [
    'm.example',
    'M.example:9090',
    'm.example.',
    'localhost:1',
    '10.0.0.1:80',
    '[::1]:80',
    '[::1]',
  ])
    assert.match(await answerTo(t, `Host: ${host}\r\n`, hosts), /^HTTP\/1\.1 200 /, host);
  for (const host of ['evil.example', 'm.example.evil', 'x.m.example', ''])
    assert.match(await answerTo(t, `Host: ${host}\r\n`, hosts), /^HTTP\/1\.1 421 /, host);
});
