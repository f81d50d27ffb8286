import { fileURLToPath } from 'node:url';
import { startChild, type Child } from './child.ts';
import type { Turns } from './gateway-process.ts';

type LoadKind = 'pairs' | 'wide';

const REPLICAS: Readonly<Record<LoadKind, string>> = {
  pairs: fileURLToPath(import.meta.resolve('./replica-process.ts')),
  wide: fileURLToPath(import.meta.resolve('./wide-replica-process.ts')),
};
const GATEWAY = fileURLToPath(import.meta.resolve('./gateway-process.ts'));

/** As the image and the scripts of package.json start the gateway. */
const SHIPPED_OPTIONS = ['--max-semi-space-size=16'];

export interface LoadGateway {
  readonly url: string;
  /** Where it listens for gRPC. */
  readonly grpcAddress: string;
  /** The most memory that its process ever held, bytes. */
  peakBytes(): Promise<number>;
  /** How its event loop fared since this was asked the last time. */
  turns(): Promise<Turns>;
}

export interface LoadServers {
  /** Of the two replicas. */
  readonly urls: readonly string[];
  /**
   * Starts a gateway over some of the replicas. `execArgv` are options of its Node, by default those that ship; `settings` are
   * by dotted path of the configuration.
   */
  startGateway(
    urls: readonly string[],
    execArgv?: readonly string[],
    settings?: Readonly<Record<string, unknown>>,
  ): Promise<LoadGateway>;
  stop(): Promise<void>;
}

/**
 * Starts both replicas of a load, counters with many samples or very many series with few of them, each in a process of its own; stopping them stops the gateways as well.
 * @param settings what the processes of this kind take besides.
 */
export async function startLoad(
  series: number,
  kind: LoadKind = 'pairs',
  ...settings: readonly number[]
): Promise<LoadServers> {
  const replicas = await Promise.all(
    [0, 1].map((replica) => startChild(REPLICAS[kind], [replica, series, ...settings].map(String))),
  );
  const children: Child[] = [...replicas];
  return {
    urls: replicas.map(({ url }) => url),
    startGateway: async (urls, execArgv = SHIPPED_OPTIONS, settings = {}) => {
      const child = await startChild(GATEWAY, [JSON.stringify(settings), ...urls], execArgv);
      children.push(child);
      return {
        url: child.url,
        grpcAddress: child.grpcAddress ?? '',
        peakBytes: async () => (await child.ask('peak')) as number,
        turns: async () => (await child.ask('turns')) as Turns,
      };
    },
    stop: async () => {
      await Promise.all(children.reverse().map((child) => child.stop()));
    },
  };
}
