import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';

/** A service of a compose file, as far as it can be run without containers. */
export interface ComposeService {
  readonly name: string;
  readonly image: string;
  /** The program and its first arguments, where it is not that of the image. */
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly mounts: readonly Mount[];
  readonly ports: readonly PublishedPort[];
  /** Whether it is started only when somebody asks for it. */
  readonly isOptional: boolean;
  /** The name servers that it asks. */
  readonly dns: readonly string[];
  /** The addresses that it was given in the networks. */
  readonly ownAddresses: readonly string[];
}

/** A file or folder of this machine, and where the container has it. */
export interface Mount {
  readonly source: string;
  readonly target: string;
}

export interface PublishedPort {
  readonly published: number;
  readonly container: number;
}

interface Written {
  readonly extends?: { readonly file: string; readonly service: string };
  readonly image?: string;
  readonly hostname?: string;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly profiles?: readonly string[];
  readonly dns?: readonly string[];
  readonly networks?: Readonly<Record<string, { readonly ipv4_address?: string }>>;
}

/** The services of a compose file, with what they extend, in the order of the file. */
export function readCompose(file: string): readonly ComposeService[] {
  return Object.entries(servicesOf(file)).map(([name, service]) => toService(name, service, dirname(file)));
}

function servicesOf(file: string): Readonly<Record<string, Written>> {
  const { services } = parse(readFileSync(file, 'utf8'), { merge: true }) as {
    readonly services: Readonly<Record<string, Written>>;
  };
  return Object.fromEntries(
    Object.entries(services).map(([name, service]) => [name, extended(service, dirname(file))]),
  );
}

/** Mappings and lists are joined; the rest of a service replaces that of the one that it extends. */
function extended({ extends: base, ...own }: Written, folder: string): Written {
  if (base === undefined) return own;
  const extendedOne = servicesOf(join(folder, base.file))[base.service];
  if (extendedOne === undefined) throw new Error(`${base.file} in ${folder} has no service ${base.service}`);
  return {
    ...extendedOne,
    ...own,
    environment: { ...extendedOne.environment, ...own.environment },
    volumes: [...(extendedOne.volumes ?? []), ...(own.volumes ?? [])],
    ports: [...(extendedOne.ports ?? []), ...(own.ports ?? [])],
  };
}

function toService(name: string, written: Written, folder: string): ComposeService {
  const {
    image,
    hostname,
    entrypoint = [],
    command = [],
    environment = {},
    volumes = [],
    ports = [],
  } = written;
  if (image === undefined) throw new Error(`service ${name} in ${folder} has no image`);
  return {
    name,
    image,
    entrypoint,
    command,
    // A container has its own name in this variable.
    environment: Object.fromEntries(
      Object.entries({ ...(hostname === undefined ? {} : { HOSTNAME: hostname }), ...environment }).map(
        ([key, value]) => [key, withDefaults(value)],
      ),
    ),
    // Volumes that have a name are folders for data, which a native run has anyway.
    mounts: volumes
      .filter((volume) => volume.startsWith('.'))
      .map((volume) => {
        const [source, target] = volume.split(':') as [string, string];
        return { source: join(folder, source), target };
      }),
    ports: ports.map((port) => {
      const [container, published] = port.split(':').toReversed().map(Number) as [number, number];
      return { published, container };
    }),
    isOptional: written.profiles !== undefined,
    dns: written.dns ?? [],
    ownAddresses: Object.values(written.networks ?? {}).flatMap((network) => network?.ipv4_address ?? []),
  };
}

/** A value of the environment, with the defaults of what nobody sets here: `${NAME:-default}`. */
function withDefaults(value: string): string {
  return value.replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1');
}
