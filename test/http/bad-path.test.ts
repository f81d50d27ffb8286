import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { Gatekeeper } from '../../src/access/gatekeeper.ts';
import { Passwords } from '../../src/access/passwords.ts';
import { OPEN_TO_ALL } from '../../src/http/admission.ts';
import { quoteBytes } from '../../src/http/bad-path.ts';
import { serverOver } from './support.ts';

test('paths that cannot be decoded are refused in the envelope', async () => {
  const server = serverOver({});
  const label = await server.inject('/api/v1/label/%C3%28/values');
  assert.equal(label.statusCode, 400);
  assert.equal(
    label.body,
    String.raw`{"status":"error","errorType":"bad_data","error":"invalid label name: \"\\xc3(\""}`,
  );
  const malformed = await server.inject('/api/v1/%zz');
  assert.equal(malformed.statusCode, 400);
  assert.equal(malformed.json<{ errorType: string }>().errorType, 'bad_data');
  assert.equal((await server.inject('/nope%C3%28')).statusCode, 404);
});

test('who asks for a path that cannot be read has to show who that is, as for any other', async () => {
  const rules = { users: new Map(), proxies: undefined, isHealthOpen: true };
  const gatekeeper = new Gatekeeper(
    () => ({
      ...rules,
      bearers: [
        (token) => (token === 'right' ? { user: 'ann', how: 'token', tenants: undefined } : undefined),
      ],
    }),
    new Passwords(async () => false),
  );
  const logged: string[] = [];
  const logger = pino({ level: 'warn' }, { write: (line: string) => void logged.push(line) });
  const server = serverOver({}, { access: { ...OPEN_TO_ALL, gatekeeper }, logger });
  const long = 'x'.repeat(20_000);
  for (const url of ['/%zz', '/-/healthy%zz', '/nope%C3%28', `/api/v1/label/${long}/values`]) {
    const refused = await server.inject(url);
    assert.deepEqual([refused.statusCode, refused.body], [401, 'Unauthorized\n']);
    assert.equal(refused.headers['x-content-type-options'], 'nosniff');
    const { statusCode } = await server.inject({ url, headers: { authorization: 'Bearer right' } });
    assert.ok(statusCode === 400 || statusCode === 404, String(statusCode));
  }
  assert.deepEqual(logged, [], 'nobody writes to the log without a right to ask');
});

test('bytes that are no text are quoted as escapes', () => {
  assert.equal(quoteBytes(Buffer.from([0xc3, 0x28])), String.raw`"\xc3("`);
  assert.equal(quoteBytes(Buffer.from('é"\n')), String.raw`"é\"\n"`);
});

test('characters of every length are quoted, and what is cut short is not one of them', () => {
  assert.equal(quoteBytes(Buffer.from('aé€💩')), '"aé€💩"');
  for (const cut of ['é', '€', '💩'].map((text) => Buffer.from(text).subarray(0, -1)))
    assert.equal(quoteBytes(cut), `"${[...cut].map((byte) => String.raw`\x${byte.toString(16)}`).join('')}"`);
  assert.equal(quoteBytes(Buffer.from([0x80, 0x61, 0xff])), String.raw`"\x80a\xff"`);
});

test('a name that is too long is not repeated', async () => {
  for (const name of ['a'.repeat(16_385), '%ff'.repeat(5462)]) {
    const { statusCode, body } = await serverOver({}).inject(`/api/v1/label/${name}/values`);
    assert.equal(statusCode, 400);
    assert.match(
      body,
      /"invalid label name: it has \d+ characters in the path, and the most that is read is 16384"/,
    );
  }
});
