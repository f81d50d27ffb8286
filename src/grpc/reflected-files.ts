import { fileURLToPath } from 'node:url';
import protobuf, { type ReflectionObject } from 'protobufjs';
import {
  describeEnum,
  describeMessage,
  describeService,
  type TypeNames,
} from '../wire/grpc/describe-proto.ts';
import { encodeFileDescriptor, type FileDescriptor } from '../wire/grpc/file-descriptor.ts';

const FOLDER = fileURLToPath(new URL('../../proto/', import.meta.url));

/** The protocols of the server. The files that these import come with them. */
const FILES = [
  'thanos/store.proto',
  'thanos/info.proto',
  'thanos/query.proto',
  'thanos/rules.proto',
  'thanos/targets.proto',
  'thanos/metadata.proto',
  'thanos/exemplars.proto',
  'thanos/status.proto',
  'grpc/health.proto',
  'grpc/reflection.proto',
  'grpc/reflection-v1alpha.proto',
];

/** The `.proto` files of the server as reflection tells them. */
export interface ReflectedFiles {
  /** A FileDescriptorProto and those of all that it imports; undefined where there is no such file. */
  byName(name: string): readonly Uint8Array[] | undefined;
  /** The same for the file that declares a service, method, message, field or enum, by its full name. */
  bySymbol(symbol: string): readonly Uint8Array[] | undefined;
}

interface SourceFile {
  readonly name: string;
  readonly package: string;
  readonly objects: ReflectionObject[];
  readonly dependency: Set<string>;
}

/** Reads the files in `proto/` and describes them. */
export function loadReflectedFiles(): ReflectedFiles {
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) => FOLDER + target;
  root.loadSync(FILES, { keepCase: true }).resolveAll();
  const files = new Map<string, SourceFile>();
  collect(root, files);
  const encoded = new Map(
    [...files.values()].map((file) => [file.name, encodeFileDescriptor(describe(file))] as const),
  );
  const withImports = (name: string, found = new Set<string>()): Set<string> => {
    if (found.has(name)) return found;
    found.add(name);
    for (const imported of files.get(name)!.dependency) withImports(imported, found);
    return found;
  };
  const byName = (name: string): readonly Uint8Array[] | undefined =>
    files.has(name) ? [...withImports(name)].map((each) => encoded.get(each)!) : undefined;
  return {
    byName,
    bySymbol: (symbol) => {
      const file = fileOfSymbol(root, symbol);
      return file === undefined ? undefined : byName(file);
    },
  };
}

/** Sorts what packages declare by the file that it stands in. */
function collect(namespace: protobuf.NamespaceBase, files: Map<string, SourceFile>): void {
  for (const object of namespace.nestedArray) {
    if (isDeclaration(object)) {
      const name = fileOf(object);
      const file = files.get(name) ?? {
        name,
        package: namespace.fullName.slice(1),
        objects: [],
        dependency: new Set<string>(),
      };
      files.set(name, file);
      file.objects.push(object);
    } else if (object instanceof protobuf.Namespace) {
      collect(object, files);
    }
  }
}

function isDeclaration(object: ReflectionObject): boolean {
  return (
    object instanceof protobuf.Type || object instanceof protobuf.Enum || object instanceof protobuf.Service
  );
}

/** Google's own types come with the library, without the names of their files: one type a file, of the same name. */
function fileOf(object: ReflectionObject): string {
  const { filename, name } = outermost(object);
  return filename?.slice(FOLDER.length) ?? `google/protobuf/${name.toLowerCase()}.proto`;
}

/** The declaration on the level of the file that something is a part of. */
function outermost(object: ReflectionObject): ReflectionObject {
  const { parent } = object;
  return parent !== null && isDeclaration(parent) ? outermost(parent) : object;
}

function fileOfSymbol(root: protobuf.Root, symbol: string): string | undefined {
  const path = symbol.split('.');
  const found = root.lookup(path) ?? memberOf(root.lookup(path.slice(0, -1)), path.at(-1) ?? '');
  if (found === null || found === undefined) return undefined;
  const top = outermost(found);
  return isDeclaration(top) ? fileOf(top) : undefined;
}

function memberOf(parent: ReflectionObject | null, name: string): ReflectionObject | null {
  return parent instanceof protobuf.Type || parent instanceof protobuf.Service ? parent.get(name) : null;
}

function describe(file: SourceFile): FileDescriptor {
  const nameOf: TypeNames = (type) => {
    const declaredIn = fileOf(type);
    if (declaredIn !== file.name) file.dependency.add(declaredIn);
    return type.fullName;
  };
  const { objects } = file;
  const messageType = objects
    .filter((object) => object instanceof protobuf.Type)
    .map((type) => describeMessage(type, nameOf));
  const service = objects
    .filter((object) => object instanceof protobuf.Service)
    .map((object) => describeService(object, nameOf));
  const enumType = objects.filter((object) => object instanceof protobuf.Enum).map(describeEnum);
  // The names of imports are known only now.
  return {
    name: file.name,
    package: file.package,
    dependency: [...file.dependency],
    messageType,
    enumType,
    service,
    syntax: 'proto3',
  };
}
