import { join } from 'node:path';
import { FaultProxy } from '../../../support/fault-proxy/fault-proxy.ts';
import { NO_FAULT } from '../../../support/fault-proxy/fault.ts';
import { freePort } from '../../../support/free-port.ts';
import { startPrometheus, type PrometheusServer } from '../../../support/prometheus-server.ts';
import { startServe, untilEndpointsUp, type ServeProcess } from '../../../support/serve-process.ts';

export type Transport = 'http' | 'grpc';

export interface ReplicaOptions {
  readonly shard: string;
  /** Value of its replica label. */
  readonly letter: string;
  readonly transport: Transport;
  /** Addresses of what it scrapes. */
  readonly targets: readonly string[];
  /** Where its data lie. */
  readonly folder: string;
}

/**
 * One replica: a Prometheus that scrapes, with a gateway of its own before it where it is asked over gRPC, and the proxy by which it is reached.
 */
export class Replica {
  readonly name: string;
  readonly shard: string;
  readonly transport: Transport;
  readonly proxy: FaultProxy;
  readonly #options: ReplicaOptions;
  #prometheus: PrometheusServer;
  #store: ServeProcess | undefined;

  private constructor(
    options: ReplicaOptions,
    prometheus: PrometheusServer,
    store: ServeProcess | undefined,
    proxy: FaultProxy,
  ) {
    this.name = `${options.shard}${options.letter}`;
    this.shard = options.shard;
    this.transport = options.transport;
    this.proxy = proxy;
    this.#options = options;
    this.#prometheus = prometheus;
    this.#store = store;
  }

  static async start(options: ReplicaOptions): Promise<Replica> {
    const prometheus = await scraping(options, await freePort());
    if (options.transport === 'http')
      return new Replica(options, prometheus, undefined, await FaultProxy.start(prometheus.port));
    const port = await freePort();
    const store = await startStore(prometheus, port);
    return new Replica(options, prometheus, store, await FaultProxy.start(port));
  }

  /** Of the Prometheus itself. */
  get url(): string {
    return this.#prometheus.url;
  }

  /** By which a gateway is to ask it. */
  get endpoint(): string {
    return this.transport === 'http' ? `http://127.0.0.1:${this.proxy.port}` : `127.0.0.1:${this.proxy.port}`;
  }

  /** Stops its processes where they are, as a machine that hangs. */
  freeze(): void {
    for (const pid of this.#pids()) process.kill(pid, 'SIGSTOP');
  }

  /** Stops its Prometheus alone where a gateway is before it: that one lives and waits. */
  freezeBehind(): void {
    process.kill(this.#prometheus.pid, 'SIGSTOP');
  }

  thaw(): void {
    for (const pid of this.#pids()) process.kill(pid, 'SIGCONT');
  }

  /** Ends its processes at once. Its port refuses connections. */
  async kill(): Promise<void> {
    for (const pid of this.#pids()) process.kill(pid, 'SIGKILL');
    await this.proxy.set({ kind: 'refusing' });
    await Promise.all([this.#prometheus.stop(), this.#store?.stop()]);
  }

  /** Starts it again where it was, with the data that it had. */
  async restart(): Promise<void> {
    this.#prometheus = await scraping(this.#options, this.#prometheus.port);
    if (this.#store !== undefined)
      this.#store = await startStore(this.#prometheus, Number(this.#store.grpcAddress.split(':')[1]));
    await this.proxy.set(NO_FAULT);
  }

  async stop(): Promise<void> {
    this.thaw();
    await this.proxy.close();
    await this.#store?.stop('SIGKILL');
    await this.#prometheus.stop();
  }

  #pids(): readonly number[] {
    const { pid } = this.#prometheus;
    return this.#store === undefined ? [pid] : [pid, this.#store.pid];
  }
}

async function scraping(
  { shard, letter, targets, folder }: ReplicaOptions,
  port: number,
): Promise<PrometheusServer> {
  const list = targets.map((address) => `"${address}"`).join(', ');
  return startPrometheus({
    config: `
global:
  scrape_interval: 1s
  scrape_timeout: 1s
  external_labels: { cluster: faults, shard: "${shard}", __replica__: ${letter} }
scrape_configs:
  - job_name: work
    static_configs: [{ targets: [${list}] }]
`,
    dataDir: join(folder, `${shard}${letter}`),
    port,
  });
}

async function startStore({ url }: PrometheusServer, port: number): Promise<ServeProcess> {
  const store = await startServe([
    `--endpoint=${url}`,
    `--grpc-address=127.0.0.1:${port}`,
    '--query.threads=0',
    '--refresh-interval=1s',
  ]);
  await untilEndpointsUp(store.url, 1);
  return store;
}
