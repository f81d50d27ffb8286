import { fileURLToPath } from 'node:url';
import { startChild, type Child } from './child.ts';

const REPLICA = fileURLToPath(import.meta.resolve('./replica-process.ts'));
const GATEWAY = fileURLToPath(import.meta.resolve('./gateway-process.ts'));

/** As the image and the scripts of package.json start the gateway. */
const SHIPPED_OPTIONS = ['--max-semi-space-size=16'];

export interface LoadGateway {
  readonly url: string;
  /** The most memory that its process ever held, bytes. */
  peakBytes(): Promise<number>;
}

export interface LoadServers {
  /** Of the two replicas. */
  readonly urls: readonly string[];
  /** Starts a gateway over some of the replicas. `execArgv` are options of its Node, by default those that ship. */
  startGateway(urls: readonly string[], execArgv?: readonly string[]): Promise<LoadGateway>;
  stop(): Promise<void>;
}

/** Starts both replicas of the load, each in a process of its own; stopping them stops the gateways as well. */
export async function startLoad(series: number): Promise<LoadServers> {
  const replicas = await Promise.all(
    [0, 1].map((replica) => startChild(REPLICA, [`${replica}`, `${series}`])),
  );
  const children: Child[] = [...replicas];
  return {
    urls: replicas.map(({ url }) => url),
    startGateway: async (urls, execArgv = SHIPPED_OPTIONS) => {
      const child = await startChild(GATEWAY, urls, execArgv);
      children.push(child);
      return { url: child.url, peakBytes: async () => (await child.ask('peak')) as number };
    },
    stop: async () => {
      await Promise.all(children.reverse().map((child) => child.stop()));
    },
  };
}
