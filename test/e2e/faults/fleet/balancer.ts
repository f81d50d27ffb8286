import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../support/free-port.ts';
import { startProcess } from '../../../support/process.ts';
import { until } from '../../../support/until.ts';

/** Debian's. */
const BINARY = '/usr/sbin/haproxy';

export interface Balancer {
  readonly url: string;
  stop(): Promise<void>;
}

/** haproxy before servers at these ports of the loopback, which it asks twice a second whether they are ready. */
export async function startBalancer(ports: readonly number[]): Promise<Balancer> {
  const folder = await mkdtemp(join(tmpdir(), 'promweave-haproxy-'));
  const port = await freePort();
  const file = join(folder, 'haproxy.cfg');
  await writeFile(file, configOf(port, ports));
  const haproxy = await startProcess(BINARY, ['-db', '-f', file], 'haproxy');
  const stop = async (): Promise<void> => {
    await haproxy.stop('SIGKILL');
    await rm(folder, { recursive: true });
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    await until('haproxy has servers that are ready', 20_000, async () => {
      if (haproxy.child.exitCode !== null) throw new Error(`haproxy ended:\n${haproxy.output()}`);
      return fetch(`${url}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
    });
  } catch (thrown) {
    await stop();
    throw thrown;
  }
  return { url, stop };
}

/** A request goes to another server only where the first one could not be connected to: what was begun is not repeated. */
function configOf(port: number, ports: readonly number[]): string {
  return `
defaults
  mode http
  timeout connect 1s
  timeout client 60s
  timeout server 60s
  option redispatch 1
  retries 2
frontend clients
  bind 127.0.0.1:${port}
  default_backend gateways
backend gateways
  balance roundrobin
  option httpchk GET /-/ready
  default-server check inter 500ms fall 1 rise 1
${ports.map((each, i) => `  server gateway-${i} 127.0.0.1:${each}`).join('\n')}
`;
}
