import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, isFree } from '../free-port.ts';
import { startProcess, type RunningProcess } from '../process.ts';
import { until } from '../until.ts';
import { readCompose, type ComposeService } from './compose-file.ts';
import { localize, localizeAddresses, localizeFile, type Place } from './localize.ts';
import { startDnsServer } from '../dns-server.ts';
import { readZone } from './zone.ts';
import { nativeProgram, type NativeProgram } from './native-program.ts';

export const TOPOLOGIES = 'deploy/topologies';

const OTHER_RESOLVER = fileURLToPath(import.meta.resolve('../other-resolver.ts'));

const START_MS = 60_000;

export interface TopologyOptions {
  /** Whether ports that the compose file publishes are the same here, where nobody has them. */
  readonly asPublished?: boolean;
  /** The folder that has the topology; that of the project where nothing is said. */
  readonly from?: string;
  /** Puts data where a service looks for them, before it starts: `root` stands for the root of its file system. */
  readonly seed?: (service: string, root: string) => Promise<void>;
}

interface Running {
  readonly service: ComposeService;
  readonly program: NativeProgram;
  readonly place: Place;
  process: RunningProcess | undefined;
}

/** The packages of Debian that have the programs of a topology. */
export function packagesOf(name: string): readonly string[] {
  const services = readCompose(join(TOPOLOGIES, name, 'compose.yml'));
  return [...new Set(services.flatMap((service) => nativeProgram(service)?.debianPackage ?? []))].toSorted();
}

/**
 * The services of a topology's compose file as processes of this machine, which listen on the loopback alone. They run with the files and flags
 * of that file; addresses and folders are those of this machine, and times are shorter.
 */
export class Topology {
  /** Services that only a container can run. */
  readonly leftOut: readonly string[];
  readonly #composed: readonly ComposeService[];
  /** Services that start at the same time share it. */
  #names: ReturnType<typeof startDnsServer> | undefined;
  readonly #folder: string;
  readonly #running: ReadonlyMap<string, Running>;
  readonly #published: ReadonlyMap<string, string>;

  private constructor(
    folder: string,
    running: ReadonlyMap<string, Running>,
    published: ReadonlyMap<string, string>,
    composed: readonly ComposeService[],
  ) {
    this.#folder = folder;
    this.#running = running;
    this.#published = published;
    this.#composed = composed;
    this.leftOut = composed.map(({ name }) => name).filter((name) => !running.has(name));
  }

  /** Starts everything or nothing, and waits until each service is ready. */
  static async start(name: string, options: TopologyOptions = {}): Promise<Topology> {
    const topology = await Topology.#prepare(name, options);
    const names = topology.services.filter((service) => !topology.#get(service).service.isOptional);
    const starting = names.map(async (service) => {
      await options.seed?.(service, topology.#get(service).place.root);
      await topology.start(service);
    });
    try {
      await Promise.all(starting);
    } catch (thrown) {
      // What starts while the others are stopped would stay.
      await Promise.allSettled(starting);
      await topology.stop();
      throw thrown;
    }
    return topology;
  }

  static async #prepare(
    name: string,
    { asPublished = false, from = TOPOLOGIES }: TopologyOptions,
  ): Promise<Topology> {
    const services = readCompose(join(from, name, 'compose.yml'));
    const addresses = new Map<string, string>();
    const published = new Map<string, string>();
    for (const service of services)
      for (const { container } of nativeProgram(service)?.ports ?? []) {
        const wanted = service.ports.find((port) => port.container === container)?.published;
        const same = asPublished && wanted !== undefined && (await isFree(wanted));
        const address = `127.0.0.1:${same ? wanted : await freePort()}`;
        addresses.set(`${service.name}:${container}`, address);
        if (wanted !== undefined) published.set(`127.0.0.1:${wanted}`, address);
      }
    const folder = mkdtempSync(join(tmpdir(), `promweave-${name}-`));
    const running = new Map<string, Running>();
    for (const service of services) {
      const program = nativeProgram(service);
      if (program === undefined) continue;
      const own = program.ports.map(
        ({ container }) => [container, addresses.get(`${service.name}:${container}`)!] as const,
      );
      const place = { root: join(folder, service.name), addresses, own: new Map(own) };
      running.set(service.name, { service, program, place, process: undefined });
    }
    return new Topology(folder, running, published, services);
  }

  /** Names of those that run here. */
  get services(): readonly string[] {
    return [...this.#running.keys()];
  }

  what(name: string): string {
    return this.#get(name).program.what;
  }

  isRunning(name: string): boolean {
    const child = this.#get(name).process?.child;
    return child !== undefined && child.exitCode === null && child.signalCode === null;
  }

  /** Of the port that answers HTTP. */
  url(name: string): string {
    return `http://${this.address(name)}`;
  }

  /** Of a port of its container, the first one where none is named. */
  address(name: string, container?: number): string {
    const { program, place } = this.#get(name);
    return place.own.get(container ?? program.ports[0]!.container)!;
  }

  /** A line that was written for the published ports of the containers, for those of this run. */
  localLine(line: string): string {
    return localizeAddresses(line, this.#published);
  }

  /** Starts a service, with the data that it had, and waits until it is ready. */
  async start(name: string, environment: Readonly<Record<string, string>> = {}): Promise<void> {
    if (this.isRunning(name)) throw new Error(`${name} runs already`);
    const running = this.#get(name);
    const { service, program, place } = running;
    for (const folder of ['', 'tmp', 'data']) mkdirSync(join(place.root, folder), { recursive: true });
    for (const { source, target } of service.mounts) localizeFile(source, target, place);
    const [binary, ...first] = service.entrypoint.length > 0 ? service.entrypoint : program.start;
    const started = await startProcess(
      binary!,
      [...first.map((arg) => localize(arg, place)), ...argumentsOf(running)],
      program.debianPackage,
      // A gateway is started from the sources in this folder.
      { env: { ...service.environment, ...(await this.#resolving(service)), ...environment } },
    );
    running.process = started;
    await until(`${name} was ready`, START_MS, async () => {
      if (!this.isRunning(name)) throw new Error(`${name} ended before it was ready:\n${started.output()}`);
      return isThere(this.url(name) + program.ready);
    });
  }

  /** What a service printed so far. */
  output(name: string): string {
    return this.#get(name).process?.output() ?? '';
  }

  /** Ends a service: as a stop does, or at once by SIGKILL. Its port refuses connections. */
  async end(name: string, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    await this.#get(name).process?.stop(signal);
  }

  /** Writes a file that a container has mounted, as somebody does who edits it. */
  write(name: string, target: string, text: string): void {
    const { place } = this.#get(name);
    writeFileSync(join(place.root, target), localize(text, place));
  }

  /** Stops a service where it is, as a machine that hangs: it answers no more, and refuses nothing. */
  freeze(name: string): void {
    this.#get(name).process?.child.kill('SIGSTOP');
  }

  thaw(name: string): void {
    this.#get(name).process?.child.kill('SIGCONT');
  }

  /** Ends everything and removes what was made for it. */
  async stop(): Promise<void> {
    for (const name of this.services) this.thaw(name);
    await Promise.all(this.services.map((name) => this.end(name)));
    await (await this.#names)?.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** What makes a program ask the name server of its container: one in this process, with the zone of that container. */
  async #resolving({ dns }: ComposeService): Promise<Readonly<Record<string, string>>> {
    const server = this.#composed.find(({ ownAddresses }) => ownAddresses.some((own) => dns.includes(own)));
    if (server === undefined) return {};
    this.#names ??= startDnsServer(
      readZone(server, (target, port) => Number(this.address(target, port).split(':')[1])),
    );
    const { address } = await this.#names;
    return { DNS_SERVER: address, NODE_OPTIONS: `--import=${OTHER_RESOLVER}` };
  }

  #get(name: string): Running {
    const found = this.#running.get(name);
    if (found === undefined)
      throw new Error(`there is no service ${name}; there are ${this.services.join(', ')}`);
    return found;
  }
}

function argumentsOf({ service, program, place }: Running): readonly string[] {
  const command = program.command?.(service.command) ?? service.command;
  const given = command.map((arg) => localize(arg, place));
  const listening = program.ports
    .filter(({ flag }) => !given.some((arg) => arg.startsWith(`${flag}=`)))
    .map(({ container, flag }) => `${flag}=${place.own.get(container)!}`);
  return [...given, ...listening, ...(program.more ?? [])];
}

async function isThere(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}
