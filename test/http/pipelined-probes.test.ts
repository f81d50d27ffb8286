import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { test } from 'node:test';
import { Connections } from '../../src/http/connections.ts';
import { DEFAULT_CLIENT_LIMITS } from '../../src/model/client-limits.ts';
import { ManualTimers } from '../support/manual-timers.ts';

const PROBES = 90;
const WORK_MS = 1;

test('many probes that come at once over one connection are answered over several turns', async (t) => {
  const connections = new Connections(DEFAULT_CLIENT_LIMITS, new ManualTimers(), () => undefined);
  let turn = 0;
  const answered: number[] = [];
  const countTurns = (): void => {
    turn++;
    if (answered.length < PROBES) setImmediate(countTurns);
  };
  const server = connections.createServer((_, answer) => {
    if (answered.push(turn) === 1) setImmediate(countTurns);
    for (const end = performance.now() + WORK_MS; performance.now() < end;);
    answer.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const socket = connect({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
  t.after(() => socket.destroy());
  const probe = 'GET /-/healthy HTTP/1.1\r\nHost: a\r\n';
  socket.end(`${`${probe}\r\n`.repeat(PROBES - 1)}${probe}Connection: close\r\n\r\n`);
  let text = '';
  for await (const part of socket.setEncoding('latin1')) text += String(part);
  assert.equal(text.split('HTTP/1.1 200').length - 1, PROBES);
  const inTurns = Map.groupBy(answered, (at) => at);
  assert.ok(Math.max(...[...inTurns.values()].map(({ length }) => length)) <= 16, String(answered));
});
