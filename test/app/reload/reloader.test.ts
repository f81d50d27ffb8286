import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pino } from 'pino';
import type { ConfigReading } from '../../../src/app/reload/config-source.ts';
import { Reloader } from '../../../src/app/reload/reloader.ts';
import type { Config } from '../../../src/config/config.ts';
import { loadConfig, openConfig } from '../../../src/config/load.ts';
import type { ShownConfig } from '../../../src/config/shown-config.ts';
import { QueryError } from '../../../src/model/errors.ts';
import { failed, success, type Result } from '../../../src/model/result.ts';

interface World {
  readonly reloader: Reloader;
  readonly log: string[];
  /** Timeouts of the configurations that were put into force, ms. */
  readonly applied: number[];
  next: Result<Config, string>;
  read: () => Result<Config, string>;
  shown: ShownConfig;
  apply: (config: Config) => Promise<void>;
  now: number;
}

const configOf = (text: string): Config => loadConfig({ file: 'p.yml', text });

function worldOf(started: Config = configOf('')): World {
  const log: string[] = [];
  const applied: number[] = [];
  const world: Omit<World, 'reloader'> = {
    log,
    applied,
    next: success(started),
    read: () => world.next,
    shown: { http: { address: ':1' } },
    apply: async ({ query }) => void applied.push(query.timeout),
    now: 1000,
  };
  const reloader = new Reloader({
    started,
    shown: world.shown,
    source: {
      read: async (): Promise<ConfigReading> => ({
        config: world.read(),
        shown: world.shown,
        files: new Map(),
      }),
    },
    apply: (config) => world.apply(config),
    logger: pino({}, { write: (line: string) => void log.push(line) }),
    clock: { now: () => world.now, monotonic: () => 0 },
  });
  return Object.assign(world, { reloader });
}

describe('a configuration that is read again', () => {
  it('is read once more where reading it threw', async () => {
    const world = worldOf();
    world.read = () => {
      throw new TypeError('a mistake of ours');
    };
    assert.deepEqual(await world.reloader.reload('a test'), failed('a mistake of ours'));
    assert.deepEqual(await world.reloader.filesChanged(), failed('a mistake of ours'));
    world.read = () => success(configOf('query: { timeout: 5s }\n'));
    assert.deepEqual(await world.reloader.reload('a test'), success([]));
    assert.deepEqual(world.applied, [5000]);
  });

  it('is put into force, and counts', async () => {
    const world = worldOf();
    world.next = success(configOf('query: { timeout: 5s }\n'));
    world.now = 2000;
    assert.deepEqual(await world.reloader.reload('a test'), success([]));
    assert.deepEqual(world.applied, [5000]);
    assert.deepEqual(world.reloader.status(), {
      generation: 2,
      isLastReloadSuccessful: true,
      loadedAt: 2000,
    });
  });

  it('is what clients see, with the values of the start where it needs a restart', async () => {
    const world = worldOf(configOf('http: { address: ":1" }\n'));
    assert.equal(world.reloader.yaml(), 'http:\n  address: :1\n');
    const { config, shown } = openConfig({
      file: 'p.yml',
      text: 'http: { address: ":2", grace_period: 3s }\nquery: { threads: 7 }\n',
    });
    Object.assign(world, { next: success(config), shown });
    await world.reloader.reload('a test');
    assert.equal(world.reloader.yaml(), 'http:\n  grace_period: 3s\n  address: :1\n');
    world.next = failed('it is broken');
    world.shown = {};
    await world.reloader.reload('a test');
    assert.match(world.reloader.yaml(), /grace_period/);
  });

  it('is not used where it names no endpoint any more, as a file that is being written', async () => {
    const world = worldOf(configOf('endpoints: [{ address: "a:1" }]\n'));
    world.next = success(configOf(''));
    const result = await world.reloader.reload('a test');
    assert.ok(!result.ok);
    assert.match(result.failure, /^it names no endpoint, though the former one does/);
    assert.deepEqual(world.applied, []);
  });

  it('is logged with the endpoints that it adds and removes', async () => {
    const listed = (...addresses: readonly string[]): Config =>
      configOf(`endpoints: [${addresses.map((address) => `{ address: "${address}" }`).join()}]\n`);
    const world = worldOf(listed('http://a:1', 'http://b:1'));
    world.next = success(listed('http://b:1', 'http://c:1'));
    await world.reloader.reload('a test');
    const { added, removed } = JSON.parse(world.log[0]!) as Readonly<Record<string, string>>;
    assert.deepEqual([added, removed], ['http://c:1', 'http://a:1']);
    world.next = success(listed(...Array.from({ length: 25 }, (_, i) => `http://h${i}:1`)));
    await world.reloader.reload('a test');
    assert.match((JSON.parse(world.log[1]!) as { readonly added: string }).added, /h19:1 and 5 more$/);
    await world.reloader.reload('a test');
    assert.ok(!('added' in (JSON.parse(world.log[2]!) as object)));
  });

  it('changes nothing where it cannot be used, and the log says why', async () => {
    const world = worldOf();
    world.next = failed('p.yml:1: no such key');
    world.now = 2000;
    assert.deepEqual(await world.reloader.reload('a test'), failed('p.yml:1: no such key'));
    assert.deepEqual(world.applied, []);
    assert.deepEqual(world.reloader.status(), {
      generation: 1,
      isLastReloadSuccessful: false,
      loadedAt: 1000,
      failedAt: 2000,
    });
    assert.match(world.log.join(), /no such key/);
  });

  it('is no success where it cannot be put into force', async () => {
    const world = worldOf();
    world.apply = async () => {
      throw new QueryError('bad_data', 'the file is gone');
    };
    assert.deepEqual(await world.reloader.reload('a test'), failed('the file is gone'));
    assert.equal(world.reloader.status().isLastReloadSuccessful, false);
  });

  it('names what needs a restart in the log and in the answer', async () => {
    const world = worldOf();
    world.next = success(configOf('http: { max_connections: 3 }\n'));
    const sentence = 'http.max_connections was changed, but keeps its value until the gateway is restarted';
    assert.deepEqual(await world.reloader.reload('a test'), success([sentence]));
    assert.ok(world.log.some((line) => line.includes(sentence)));
  });

  it('waits for the one that runs, and is one for all that ask meanwhile', async () => {
    const world = worldOf();
    const first = Promise.withResolvers<void>();
    const order: string[] = [];
    world.apply = async ({ query }) => {
      order.push(`begins ${query.timeout}`);
      await first.promise;
      order.push('ends');
    };
    world.next = success(configOf('query: { timeout: 1s }\n'));
    const running = world.reloader.reload('one');
    await new Promise((resolve) => setImmediate(resolve));
    world.next = success(configOf('query: { timeout: 2s }\n'));
    const others = Array.from({ length: 500 }, () => world.reloader.reload('another'));
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(order, ['begins 1000']);
    first.resolve();
    assert.ok((await Promise.all([running, ...others])).every(({ ok }) => ok));
    assert.deepEqual(order, ['begins 1000', 'ends', 'begins 2000', 'ends']);
    await world.reloader.reload('a later one');
    assert.equal(order.length, 6);
  });
});

describe('files that changed', () => {
  it('are nothing new where they say the same, such as a secret that was renewed', async () => {
    const world = worldOf();
    await world.reloader.filesChanged();
    assert.deepEqual([world.reloader.status().generation, world.log], [1, []]);
  });

  it('are read where they say something else, and where the last reading failed', async () => {
    const world = worldOf();
    world.next = success(configOf('query: { timeout: 5s }\n'));
    await world.reloader.filesChanged();
    world.next = failed('the secret is gone');
    await world.reloader.filesChanged();
    world.next = success(configOf('query: { timeout: 5s }\n'));
    await world.reloader.filesChanged();
    assert.deepEqual(world.applied, [5000, 5000]);
    assert.deepEqual(world.reloader.status().generation, 3);
  });
});
