import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { credentials, Metadata, Client, status, type ServiceError } from '@grpc/grpc-js';
import protobuf from 'protobufjs';
import descriptor from 'protobufjs/ext/descriptor.js';
import { createPromqlCore } from '../../../src/app/promql-core.ts';
import { decodeReflectionResponse, encodeReflectionRequest } from '../../../src/wire/grpc/reflection.ts';
import { converse, startGrpc, type RunningGrpc } from '../../grpc/support.ts';
import { NOW, secretOf, SERVERS, TENANTS, tenantedOptions } from './support.ts';

/** What a method is: for whom it is, and how it is asked so that it answers with data. */
interface Classified {
  readonly access: 'open' | 'tenant' | 'operator';
  /** Fields by the names that they have in `proto/`. */
  readonly ask?: Readonly<Record<string, unknown>>;
  /** Its answer never ends. */
  readonly isEndless?: true;
}

const ANY = [{ type: 2, name: '__name__', value: '.+' }];
const RANGE = { min_time: NOW - 600_000, max_time: NOW };
const LOOKUP = { start: NOW - 600_000, end: NOW };
const QUERY = { query: '{__name__=~".+"}', enableDedup: true, enablePartialResponse: true };
const OPEN: Classified = { access: 'open' };

/** Every method of the server. A new one has to be put here: does it tell a tenant of its own alone? */
const METHODS: Readonly<Record<string, Classified>> = {
  'thanos.Store/Series': { access: 'tenant', ask: { ...RANGE, matchers: ANY } },
  'thanos.Store/LabelNames': { access: 'tenant', ask: LOOKUP },
  'thanos.Store/LabelValues': { access: 'tenant', ask: { ...LOOKUP, label: '__name__' } },
  'thanos.Query/Query': { access: 'tenant', ask: { ...QUERY, time_seconds: NOW / 1000 } },
  'thanos.Query/QueryRange': {
    access: 'tenant',
    ask: {
      ...QUERY,
      start_time_seconds: NOW / 1000 - 600,
      end_time_seconds: NOW / 1000,
      interval_seconds: 30,
    },
  },
  'thanos.Rules/Rules': { access: 'tenant' },
  'thanos.Targets/Targets': { access: 'tenant' },
  'thanos.Metadata/MetricMetadata': { access: 'tenant', ask: { limit: -1 } },
  'thanos.Exemplars/Exemplars': {
    access: 'tenant',
    ask: { query: '{__name__=~".+"}', start: NOW - 600_000, end: NOW },
  },
  'thanos.info.Info/Info': { access: 'operator' },
  'thanos.Status/TSDBStatistics': { access: 'operator' },
  'grpc.health.v1.Health/Check': OPEN,
  'grpc.health.v1.Health/Watch': { access: 'open', isEndless: true },
  'grpc.reflection.v1.ServerReflection/ServerReflectionInfo': OPEN,
  'grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo': OPEN,
};

const REFLECTION = '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo';
const NO_REQUEST = {
  host: '',
  fileByFilename: undefined,
  fileContainingSymbol: undefined,
  listServices: undefined,
};

/** The methods of a server, as it tells them itself. */
async function methodsOf(client: Client): Promise<ReadonlyMap<string, protobuf.Method>> {
  const ask = async (request: Partial<typeof NO_REQUEST> | object) =>
    decodeReflectionResponse(
      (await converse(client, REFLECTION, [encodeReflectionRequest({ ...NO_REQUEST, ...request })]))[0]!,
    );
  const { services } = await ask({ listServices: '' });
  const methods = new Map<string, protobuf.Method>();
  for (const { name } of services!.service) {
    const { files } = await ask({ fileContainingSymbol: name });
    const file = files!.fileDescriptorProto.map((bytes) => descriptor.FileDescriptorProto.decode(bytes));
    const root = protobuf.Root.fromDescriptor(
      descriptor.FileDescriptorSet.encode({ file }).finish(),
    ).resolveAll();
    for (const method of root.lookupService(name).methodsArray)
      methods.set(`${name}/${method.name}`, method.resolve() as protobuf.Method);
  }
  return methods;
}

interface Answer {
  readonly code: status;
  /** All that a client sees of it. */
  readonly seen: string;
}

/** Calls with whatever the tenants are; several make a header of several values. */
function call(
  client: Client,
  path: string,
  method: protobuf.Method,
  tenants: readonly string[],
): Promise<Answer> {
  const { ask = {}, isEndless } = METHODS[path]!;
  const type = method.resolvedRequestType!;
  const request = type.encode(type.fromObject(ask)).finish();
  const metadata = new Metadata();
  for (const tenant of tenants) metadata.add('thanos-tenant', tenant);
  return new Promise((resolve) => {
    const parts: string[] = [];
    const stream = client.makeServerStreamRequest(
      `/${path}`,
      (bytes: Uint8Array) => Buffer.from(bytes),
      (bytes: Buffer) => bytes,
      request,
      metadata,
      { deadline: Date.now() + 60_000 },
    );
    const answered = (code: status, details: string): void =>
      resolve({ code, seen: parts.join('') + details });
    stream.on('metadata', (sent: Metadata) => parts.push(JSON.stringify(sent.getMap())));
    stream.on('data', (bytes: Buffer) => {
      parts.push(bytes.toString('latin1'));
      if (isEndless === true) stream.cancel();
    });
    stream.on('error', ({ code, details }: ServiceError) =>
      answered(isEndless === true ? status.OK : code, details),
    );
    stream.on('end', () => answered(status.OK, ''));
  });
}

for (const how of SERVERS)
  describe(`over servers that ${how}, over gRPC`, () => {
    let running: RunningGrpc;
    let client: Client;
    let methods: ReadonlyMap<string, protobuf.Method>;
    before(async () => {
      running = await startGrpc(createPromqlCore(tenantedOptions(how)).gateway, {
        clock: { now: () => Date.now(), monotonic: () => performance.now() },
      });
      client = new Client(running.address, credentials.createInsecure());
      methods = await methodsOf(client);
    });
    after(async () => {
      client.close();
      await running.close();
    });

    it('every method is classified', () => {
      assert.ok(methods.size > 12, `saw only ${methods.size} methods`);
      assert.deepEqual(
        [...methods.keys()].filter((path) => METHODS[path] === undefined),
        [],
        'methods of which nobody has said whom they are for',
      );
    });

    it('a tenant is told of its own, and of nothing else', async () => {
      let told = 0;
      for (const [path, method] of methods) {
        if (METHODS[path]!.access !== 'tenant') continue;
        for (const tenant of ['a', 'b', 'a|b', 'configured', 'ops']) {
          const { code, seen } = await call(client, path, method, [tenant]);
          assert.equal(code, status.OK, `${path} for ${tenant}: ${seen}`);
          const own = { configured: ['a'], ops: TENANTS as readonly string[] }[tenant] ?? tenant.split('|');
          for (const each of TENANTS)
            if (own.includes(each))
              assert.ok(seen.includes(secretOf(each)), `${path} for ${tenant} lacks what is of ${each}`);
            else assert.ok(!seen.includes(secretOf(each)), `${path} for ${tenant} tells of ${each}: ${seen}`);
          told++;
        }
      }
      assert.ok(told > 40, `saw only ${told} answers`);
    });

    it('what tells of all is for administrators', async () => {
      let refused = 0;
      for (const [path, method] of methods) {
        if (METHODS[path]!.access !== 'operator') continue;
        for (const tenant of ['a', 'b', 'a|b', 'configured']) {
          const { code, seen } = await call(client, path, method, [tenant]);
          assert.equal(code, status.PERMISSION_DENIED, `${path} for ${tenant}`);
          assert.doesNotMatch(seen, /secret/);
          refused++;
        }
        const { code, seen } = await call(client, path, method, ['ops']);
        assert.equal(code, status.OK, `${path} for ops: ${seen}`);
        assert.match(seen, /secreta/);
      }
      assert.ok(refused > 0);
    });

    it('one without a tenant, with a malformed or an unknown one is refused', async () => {
      const cases: readonly (readonly [readonly string[], status])[] = [
        [[], status.UNAUTHENTICATED],
        [['a b'], status.INVALID_ARGUMENT],
        [['a', 'b'], status.INVALID_ARGUMENT],
        [['a|ops'], status.PERMISSION_DENIED],
        [['c'], status.PERMISSION_DENIED],
      ];
      for (const [path, method] of methods) {
        if (METHODS[path]!.access === 'open') continue;
        for (const [tenants, expected] of cases) {
          const { code, seen } = await call(client, path, method, tenants);
          assert.equal(code, expected, `${path} for ${tenants.join()}: ${seen}`);
          assert.doesNotMatch(seen, /secret/);
        }
      }
    });

    it('what is open to everybody tells of nobody', async () => {
      for (const [path, method] of methods) {
        if (METHODS[path]!.access !== 'open' || path.includes('reflection')) continue;
        const { code, seen } = await call(client, path, method, []);
        assert.equal(code, status.OK, path);
        assert.doesNotMatch(seen, /secret/, path);
      }
    });
  });
