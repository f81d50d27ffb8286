import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { after, before, describe, it, type TestContext } from 'node:test';
import { request } from 'undici';
import { END, METRIC } from '../../support/load/counter-pairs.ts';
import { startLoad, type LoadGateway, type LoadServers } from '../../support/load/load-servers.ts';
import { probeHealth } from '../../support/probe-health.ts';
import { until } from '../../support/until.ts';

/** `CLIENTS=1000` tries as many as that. */
const CLIENTS = Number(process.env['CLIENTS'] ?? 200);

/** Of a large answer each, which takes the gateway some 100 ms to make. */
const READERS = 10;

const SETTINGS = {
  'http.max_connections': CLIENTS + 100,
  'http.read_timeout': '2s',
  'http.write_timeout': '3s',
};

/** On a loaded machine; what is measured is 20 to 170 ms, and 800 ms while the large answers are made. */
const MOST_WAIT_MS = 3000;

/** Above the limits of time, and above how often they are looked at. */
const MOST_PATIENCE_MS = 20_000;

const FORM = 'Content-Type: application/x-www-form-urlencoded\r\n';

describe('clients that hold connections', () => {
  let load: LoadServers;
  let gateway: LoadGateway;
  before(async () => {
    load = await startLoad(1000);
    gateway = await load.startGateway(load.urls, undefined, SETTINGS);
  });
  after(() => load.stop());

  /** Opens connections, writes the same on each, and waits until the server has ended all of them. */
  async function hold(t: TestContext, count: number, text: string, use: (socket: Socket) => void) {
    const { hostname, port } = new URL(gateway.url);
    let open = count;
    const sockets = Array.from({ length: count }, () => {
      const socket = connect({ host: hostname, port: Number(port) });
      socket.on('error', () => undefined).once('close', () => open--);
      socket.once('connect', () => {
        socket.write(text);
        use(socket);
      });
      return socket;
    });
    t.after(() => {
      for (const socket of sockets) socket.destroy();
    });
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    await until('the server has ended the connections', MOST_PATIENCE_MS, async () => open === 0);
  }

  async function metric(name: string): Promise<number> {
    const { body } = await request(`${gateway.url}/metrics`);
    const line = (await body.text()).split('\n').find((text) => text.startsWith(`${name} `));
    return Number(line?.split(' ')[1] ?? 0);
  }

  const cutsOf = (reason: string): Promise<number> =>
    metric(`promweave_clients_cut_total{transport="http",reason="${reason}"}`);

  async function attack(t: TestContext, reason: string, count: number, hold: () => Promise<unknown>) {
    const before = await cutsOf(reason);
    const started = performance.now();
    const { longest } = await probeHealth(gateway.url, hold);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    t.diagnostic(`/-/healthy waited ${longest.toFixed(0)} ms at most; all were gone after ${seconds} s`);
    assert.equal((await cutsOf(reason)) - before, count);
    assert.ok(longest < MOST_WAIT_MS, `/-/healthy waited ${longest} ms`);
  }

  it(`${CLIENTS} whose headers come byte by byte are cut off`, async (t) => {
    await attack(t, 'slow_request', CLIENTS, () =>
      hold(t, CLIENTS, 'GET /-/healthy HTTP/1.1\r\nHost: a\r\nX-A: ', (socket) => drip(socket.resume())),
    );
  });

  it(`${CLIENTS} that never say a word are cut off`, async (t) => {
    await attack(t, 'slow_request', CLIENTS, () => hold(t, CLIENTS, '', (socket) => socket.resume()));
  });

  it(`${CLIENTS} whose bodies come byte by byte are cut off`, async (t) => {
    const head = `POST /api/v1/query HTTP/1.1\r\nHost: a\r\n${FORM}Content-Length: 1000000\r\n\r\nquery=`;
    await attack(t, 'slow_request', CLIENTS, () => hold(t, CLIENTS, head, (socket) => drip(socket.resume())));
  });

  it(`${CLIENTS + 300} that never say a word make room for others`, async (t) => {
    const before = await cutsOf('too_many');
    const { longest } = await probeHealth(gateway.url, () =>
      hold(t, CLIENTS + 300, '', (socket) => socket.resume()),
    );
    t.diagnostic(`/-/healthy waited ${longest.toFixed(0)} ms at most`);
    // An eighth more than the limit may stay until they say what they want.
    assert.ok((await cutsOf('too_many')) - before >= CLIENTS + 300 - Math.ceil((CLIENTS + 100) * (9 / 8)));
    assert.ok(longest < MOST_WAIT_MS, `/-/healthy waited ${longest} ms`);
  });

  it(`${READERS} that take a byte now and then are cut off, and leave nothing behind`, async (t) => {
    const parameters = new URLSearchParams({
      query: METRIC,
      start: String(END / 1000 - 3600),
      end: String(END / 1000),
      step: '10',
    });
    const head = `GET /api/v1/query_range?${parameters.toString()} HTTP/1.1\r\nHost: a\r\n\r\n`;
    const before = await cutsOf('long_answer');
    await attack(t, 'long_answer', READERS, () => {
      const readers: Socket[] = [];
      const sip = setInterval(() => {
        for (const socket of readers) socket.read(1);
      }, 1000);
      t.after(() => clearInterval(sip));
      const readAll = async (): Promise<void> => {
        const isCut = async (): Promise<boolean> => (await cutsOf('long_answer')) === before + READERS;
        await until('all were cut off', MOST_PATIENCE_MS, isCut);
        clearInterval(sip);
        for (const socket of readers) socket.resume();
      };
      const held = hold(t, READERS, head, (socket) => readers.push(socket.pause()));
      // A socket that is not read does not notice that it was ended.
      return Promise.all([held, readAll()]);
    });
    await until(
      'no request is open but this one',
      5000,
      async () => (await metric('promweave_http_requests_in_flight')) === 1,
    );
    t.diagnostic(`the gateway took ${Math.round((await gateway.peakBytes()) / 1e6)} MB at most`);
  });
});

/** A byte every 100 ms, until the connection ends. */
function drip(socket: Socket): void {
  const timer = setInterval(() => socket.write('x'), 100);
  socket.once('close', () => clearInterval(timer));
}
