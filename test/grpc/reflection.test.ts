import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { status } from '@grpc/grpc-js';
import protobuf from 'protobufjs';
import descriptor from 'protobufjs/ext/descriptor.js';
import {
  decodeReflectionResponse,
  encodeReflectionRequest,
  type ReflectionRequest,
  type ReflectionResponse,
} from '../../src/wire/grpc/reflection.ts';
import { converse, gatewayWith, startGrpc } from './support.ts';

const NOTHING: ReflectionRequest = {
  host: '',
  fileByFilename: undefined,
  fileContainingSymbol: undefined,
  listServices: undefined,
};

const METHODS = ['v1', 'v1alpha'].map(
  (version) => `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`,
);

async function ask(
  requests: readonly Partial<ReflectionRequest>[],
  method = METHODS[0]!,
): Promise<readonly ReflectionResponse[]> {
  const { client, close } = await startGrpc(gatewayWith({}));
  try {
    const answers = await converse(
      client,
      method,
      requests.map((request) => encodeReflectionRequest({ ...NOTHING, ...request })),
    );
    return answers.map(decodeReflectionResponse);
  } finally {
    await close();
  }
}

/** Reads descriptors as a client would, with a library that was not used to write them. */
function rootOf({ files }: ReflectionResponse): protobuf.Root {
  const file = files!.fileDescriptorProto.map((bytes) => descriptor.FileDescriptorProto.decode(bytes));
  const root = protobuf.Root.fromDescriptor(descriptor.FileDescriptorSet.encode({ file }).finish());
  return root.resolveAll() as protobuf.Root;
}

describe('reflection', () => {
  for (const method of METHODS)
    it(`lists the services: ${method}`, async () => {
      const [answer] = await ask([{ listServices: '' }], method);
      const names = answer!.services!.service.map(({ name }) => name);
      for (const name of [
        'thanos.Store',
        'thanos.info.Info',
        'thanos.Query',
        'thanos.Rules',
        'thanos.Targets',
        'thanos.Metadata',
        'thanos.Exemplars',
        'grpc.health.v1.Health',
        'grpc.reflection.v1.ServerReflection',
        'grpc.reflection.v1alpha.ServerReflection',
      ])
        assert.ok(names.includes(name), name);
      assert.equal(new Set(names).size, names.length);
    });

  it('describes every service that it lists', async () => {
    const [list] = await ask([{ listServices: '' }]);
    const names = list!.services!.service.map(({ name }) => name);
    const answers = await ask(names.map((name) => ({ fileContainingSymbol: name })));
    for (const [i, name] of names.entries())
      assert.ok(rootOf(answers[i]!).lookupService(name).methodsArray.length > 0, name);
  });

  it('finds the file of a method, a message, a field, a nested enum and a value', async () => {
    const symbols = {
      'thanos.Store.Series': 'thanos/store.proto',
      'thanos.SeriesRequest': 'thanos/store.proto',
      'thanos.SeriesRequest.skip_chunks': 'thanos/store.proto',
      'thanos.Chunk.Encoding': 'thanos/types.proto',
      'prometheus_copy.TimeSeries': 'thanos/samples.proto',
      'google.protobuf.Any': 'google/protobuf/any.proto',
    };
    const answers = await ask(Object.keys(symbols).map((symbol) => ({ fileContainingSymbol: symbol })));
    const files = answers.map(
      (answer) =>
        descriptor.FileDescriptorProto.decode(answer.files!.fileDescriptorProto[0]!).toJSON()['name'],
    );
    assert.deepEqual(files, Object.values(symbols));
  });

  it('sends a file with all that it imports', async () => {
    const [answer] = await ask([{ fileByFilename: 'thanos/query.proto' }]);
    const files = answer!.files!.fileDescriptorProto.map((bytes) =>
      descriptor.FileDescriptorProto.decode(bytes).toJSON(),
    );
    const names = new Set(files.map((file) => file['name'] as string));
    for (const file of files)
      for (const name of (file['dependency'] ?? []) as readonly string[]) assert.ok(names.has(name), name);
    assert.ok(names.has('google/protobuf/any.proto'));
  });

  it('describes messages as the files in proto/ do', async () => {
    const names = globSync('proto/{thanos,grpc}/*.proto').map((path) => path.slice('proto/'.length));
    const answers = await ask(names.map((name) => ({ fileByFilename: name })));
    let compared = 0;
    for (const [i, name] of names.entries()) {
      const parsed = protobuf.parse(readFileSync(`proto/${name}`, 'utf8'), { keepCase: true });
      const described = rootOf(answers[i]!);
      const scope = parsed.root.lookup(parsed.package!) as protobuf.Namespace;
      for (const type of scope.nestedArray.filter((object) => object instanceof protobuf.Type)) {
        const fields = (of: protobuf.Type): readonly unknown[] =>
          of.fieldsArray.map((field) => [
            field.name,
            field.id,
            field.type.split('.').at(-1),
            field.repeated,
            field.map,
            field.partOf?.name,
          ]);
        assert.deepEqual(fields(described.lookupType(type.fullName)), fields(type), type.fullName);
        compared++;
      }
    }
    assert.ok(names.length >= 12 && compared >= 60, `${compared} messages of ${names.length} files`);
  });

  it('says of what is unknown that it is, and goes on', async () => {
    const [unknown, missing, other, services] = await ask([
      { fileContainingSymbol: 'thanos.Nope' },
      { fileByFilename: 'nope.proto' },
      {},
      { listServices: '' },
    ]);
    assert.equal(unknown!.error!.errorCode, status.NOT_FOUND);
    assert.equal(missing!.error!.errorCode, status.NOT_FOUND);
    assert.equal(other!.error!.errorCode, status.UNIMPLEMENTED);
    assert.ok(services!.services!.service.length > 0);
  });

  it('knows no symbols but those of the files, whatever members objects have', async () => {
    const members = ['__proto__', 'constructor', 'toString', 'parent', 'fields', ''];
    const scopes = ['', 'thanos.', 'thanos.Store.', 'thanos.SeriesRequest.', 'thanos.Store.Series.'];
    const symbols = scopes.flatMap((scope) => members.map((member) => scope + member));
    const answers = await ask([
      ...symbols.map((symbol) => ({ fileContainingSymbol: symbol })),
      ...members.map((name) => ({ fileByFilename: name })),
    ]);
    assert.equal(answers.length, symbols.length + members.length);
    for (const [i, { error }] of answers.entries())
      assert.equal(error?.errorCode, status.NOT_FOUND, symbols[i]);
  });
});
