import type { TestContext } from 'node:test';
import { request } from 'undici';
import { freePort } from './free-port.ts';
import { startProcess, type RunningProcess } from './process.ts';

export interface GatewayPlace {
  readonly http: number;
  readonly grpc: number;
  readonly url: string;
}

/** Where a gateway may listen, again and again. */
export async function gatewayPlace(): Promise<GatewayPlace> {
  const [http, grpc] = [await freePort(), await freePort()];
  return { http, grpc, url: `http://127.0.0.1:${http}` };
}

/** Starts `promweave serve` as a process of its own, which ends with the test at the latest. It need not be ready yet. */
export async function startGatewayProcess(
  t: TestContext,
  { http, grpc }: GatewayPlace,
  args: readonly string[],
): Promise<RunningProcess> {
  const running = await startProcess(process.execPath, [
    'src/main.ts',
    'serve',
    `--http-address=127.0.0.1:${http}`,
    `--grpc-address=127.0.0.1:${grpc}`,
    ...args,
  ]);
  t.after(async () => running.stop('SIGKILL'));
  return running;
}

/** What `/-/ready` says; 0 where nobody answers. */
export async function readiness(url: string): Promise<readonly [status: number, text: string]> {
  try {
    const { statusCode, body } = await request(`${url}/-/ready`, { reset: true });
    return [statusCode, await body.text()];
  } catch {
    return [0, ''];
  }
}

export async function isReady(url: string): Promise<boolean> {
  const [status] = await readiness(url);
  return status === 200;
}
