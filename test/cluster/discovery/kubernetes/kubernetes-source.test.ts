import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sliceOf } from '../../../support/kubernetes-api.ts';
import { heard, settle, worldOf } from './support.ts';

const A = sliceOf('prom-a', ['10.0.0.1', '10.0.0.2']);
const B = sliceOf('prom-b', ['10.0.0.3']);

describe('a first look', () => {
  it('lists all slices, page by page', async (t) => {
    const { api, look } = await worldOf(t);
    for (let i = 0; i < 25; i++) api.put(sliceOf(`s${i}`, [`10.0.1.${i}`]));
    const { addresses, validMs } = await look();
    assert.equal(addresses.length, 25);
    assert.equal(validMs, 0);
    assert.deepEqual(
      api.requests.map(({ searchParams }) => searchParams.get('continue')),
      [null, '10', '20'],
    );
    assert.equal(api.requests[0]!.pathname, '/apis/discovery.k8s.io/v1/namespaces/mon/endpointslices');
    assert.equal(api.requests[0]!.searchParams.get('labelSelector'), 'app=prom');
  });

  it('that finds nothing is a failure', async (t) => {
    const { api, look } = await worldOf(t, 'grpc');
    const none = await look();
    assert.match(none.failure, /no endpoint slice matches app=prom, not in the namespace mon$/);
    api.put(A);
    const { failure } = await look(() => api.endWatches());
    assert.match(failure, /match app=prom have no addresses with the port grpc$/);
  });

  it('says what is wrong with the access', async (t) => {
    const { api, look } = await worldOf(t);
    api.token = 'other';
    assert.match((await look()).failure, /does not take the token \(status 401\)/);
    api.instead = (_, response) => void response.writeHead(403).end();
    assert.match((await look()).failure, /may not list and watch .* in the namespace mon \(status 403\)/);
  });
});

describe('a later look', () => {
  it('comes back with what changed, taken together', async (t) => {
    const { api, timers, look } = await worldOf(t);
    api.put(A);
    await look();
    const changed = await look(async () => {
      api.put(B);
      api.remove(A);
      api.put(sliceOf('prom-b', ['10.0.0.4']));
      await settle(timers);
    });
    assert.deepEqual(changed.addresses, ['10.0.0.4:9090']);
    assert.equal(changed.validMs, 0);
    assert.equal(timers.delays().length, 0);
  });

  it('goes on from the version that is known, that of a bookmark as well', async (t) => {
    const { api, look } = await worldOf(t);
    api.put(A);
    await look();
    await look(() => {
      api.bookmark();
      api.endWatches();
    });
    api.forget();
    await look(() => api.endWatches());
    const versions = api.requests.map(({ searchParams }) => searchParams.get('resourceVersion'));
    assert.deepEqual(versions, [null, '101', '102']);
  });

  it('misses nothing of what changed while nobody watched', async (t) => {
    const { api, timers, look } = await worldOf(t);
    api.put(A);
    await look();
    api.put(B);
    const { addresses } = await look(() => settle(timers));
    assert.deepEqual(addresses, ['10.0.0.1:9090', '10.0.0.2:9090', '10.0.0.3:9090']);
    assert.equal(api.requests.length, 2);
  });

  it('lists anew where the version is gone, and again only after a pause', async (t) => {
    const { api, look } = await worldOf(t);
    api.put(A);
    await look();
    api.remove(A);
    api.put(B);
    api.forget();
    const anew = await look();
    assert.deepEqual([anew.addresses, anew.validMs], [['10.0.0.3:9090'], 1000]);
    api.bookmark();
    api.forget();
    assert.equal((await look()).validMs, 2000);
  });

  it('lists anew where the watch says that the version is gone', async (t) => {
    const { api, look } = await worldOf(t);
    api.put(A);
    await look();
    const before = api.requests.length;
    const anew = await look(() =>
      api.send({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } }),
    );
    assert.deepEqual(anew.addresses, ['10.0.0.1:9090', '10.0.0.2:9090']);
    assert.equal(api.requests.length, before + 2);
  });

  it('goes on where a watch was cut off, after a pause where that was at once', async (t) => {
    const { api, timers, look } = await worldOf(t);
    api.put(A);
    await look();
    const cut = await look(() => api.cut('{"type":"DELETED","object":{"meta'));
    assert.deepEqual(
      [cut.addresses, cut.failure, cut.validMs],
      [['10.0.0.1:9090', '10.0.0.2:9090'], '', 1000],
    );
    assert.equal((await look(() => api.endWatches())).validMs, 2000);
    const calm = await look(async () => {
      await timers.fire(1000);
      api.endWatches();
    });
    assert.equal(calm.validMs, 0);
    assert.equal(api.requests.filter(({ searchParams }) => !searchParams.has('watch')).length, 1);
  });

  it('is over after a while, whatever the server does', async (t) => {
    const { api, timers, look } = await worldOf(t);
    api.put(A);
    await look();
    const calm = await look(async () => {
      api.put(B);
      await heard(timers);
      await timers.fire(23_000);
    });
    assert.deepEqual([calm.addresses.length, calm.failure], [3, '']);
    api.instead = () => {};
    const hanging = look();
    while (api.requests.length < 3) await new Promise((resolve) => setTimeout(resolve, 2));
    await timers.fire(23_000);
    assert.match((await hanging).failure, /took the watch and did not answer$/);
  });

  it('fails while the server is away, and goes on from there', async (t) => {
    const { api, timers, look } = await worldOf(t);
    api.put(A);
    await look();
    api.instead = (request) => void request.socket.destroy();
    assert.match((await look()).failure, /the connection was closed/);
    api.instead = (_, response) => void response.writeHead(503).end();
    assert.match((await look()).failure, /status 503$/);
    api.instead = undefined;
    api.put(B);
    assert.equal((await look(() => settle(timers))).addresses.length, 3);
    assert.equal(api.requests.filter(({ searchParams }) => !searchParams.has('watch')).length, 1);
  });
});

describe('a pod with a name of its own that has no address any more', () => {
  const statefulSet = (hosts: Readonly<Record<string, string>>): ReturnType<typeof sliceOf> =>
    sliceOf('prom-a', [], {
      endpoints: Object.entries(hosts).map(([hostname, host]) => ({ hostname, addresses: [host] })),
    });
  const both = statefulSet({ 'prom-0': '10.0.0.1', 'prom-1': '10.0.0.2' });

  it('counts until it has another one', async (t) => {
    const { api, timers, clock, look } = await worldOf(t);
    api.put(both);
    await look();
    const change = async (hosts: Readonly<Record<string, string>>): Promise<readonly string[]> => {
      const { addresses } = await look(() => {
        api.put(statefulSet(hosts));
        return settle(timers);
      });
      return addresses;
    };
    assert.deepEqual(await change({ 'prom-0': '10.0.0.1' }), ['10.0.0.1:9090', '10.0.0.2:9090']);
    clock.at = 299_999;
    assert.deepEqual(await change({ 'prom-0': '10.0.0.3' }), ['10.0.0.3:9090', '10.0.0.2:9090']);
    const back = await change({ 'prom-0': '10.0.0.3', 'prom-1': '10.0.0.4' });
    assert.deepEqual(back, ['10.0.0.3:9090', '10.0.0.4:9090']);
  });

  it('counts for five minutes where it does not come back, also where all is listed anew', async (t) => {
    const { api, clock, look } = await worldOf(t);
    api.put(both);
    await look();
    api.put(statefulSet({ 'prom-0': '10.0.0.1' }));
    api.forget();
    assert.deepEqual((await look()).addresses, ['10.0.0.1:9090', '10.0.0.2:9090']);
    clock.at = 300_000;
    assert.deepEqual((await look(() => api.endWatches())).addresses, ['10.0.0.1:9090']);
  });

  it('does not where another one has its address', async (t) => {
    const { api, timers, look } = await worldOf(t);
    api.put(both);
    await look();
    const { addresses } = await look(() => {
      api.put(statefulSet({ 'prom-0': '10.0.0.2' }));
      return settle(timers);
    });
    assert.deepEqual(addresses, ['10.0.0.2:9090']);
  });
});

describe('a server that sends something else', () => {
  const odd: readonly (readonly [what: string, text: string, problem: RegExp])[] = [
    ['no JSON', 'hello\n', /is no JSON$/],
    ['no event', '[]\n', /an event is no object$/],
    ['a type that is not known', '{"type":"X","object":{}}\n', /of a type that is not known$/],
    [
      'half an object',
      '{"type":"ADDED","object":{"metadata":{"resourceVersion":"7","name":"x","namespace":"mon"}}}\n',
      /no name or no addressType$/,
    ],
    ['an object without a version', '{"type":"ADDED","object":{"metadata":{}}}\n', /has no resourceVersion$/],
    ['another error', '{"type":"ERROR","object":{"code":500}}\n', /ended the watch with status 500$/],
    ['a line without end', 'x'.repeat(2 * 1024 ** 2 + 1), /sends a line of more than 2097152 bytes/],
  ];
  for (const [what, text, problem] of odd)
    it(`fails for ${what}, and all is listed anew`, async (t) => {
      const { api, look } = await worldOf(t);
      api.put(A);
      await look();
      assert.match((await look(() => api.send(text))).failure, problem);
      const before = api.requests.length;
      assert.equal((await look()).addresses.length, 2);
      assert.equal(api.requests[before]!.searchParams.has('watch'), false);
    });

  it('is not read without end', async (t) => {
    const { api, look } = await worldOf(t);
    api.instead = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = (): void => {
        if (!response.destroyed) response.write(' '.repeat(65_536), more);
      };
      more();
    };
    assert.match((await look()).failure, /take more than 4194304 bytes, which is not read$/);
    const page = { metadata: { continue: 'x', resourceVersion: '1' }, items: [A] };
    let i = 0;
    api.instead = (_, response) => {
      const items = Array.from({ length: 1000 }, () => sliceOf(`s${i++}`, []));
      response.writeHead(200).end(JSON.stringify({ ...page, items }));
    };
    assert.match((await look()).failure, /more than 5000 endpoint slices match; narrow label_selector/);
    api.instead = (_, response) => void response.writeHead(200).end(JSON.stringify({ ...page, items: [] }));
    assert.match((await look()).failure, /an empty page of a list$/);
  });
});
