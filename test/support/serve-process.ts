import type { TestContext } from 'node:test';
import { request } from 'undici';
import { giveFreedMemoryBack } from '../../src/cli/freed-memory.ts';
import { freePort } from './free-port.ts';
import { startProcess, type RunningProcess } from './process.ts';
import { until } from './until.ts';

const START_MS = 60_000;
/** As the image starts it. */
const SHIPPED_OPTIONS = ['--max-semi-space-size=16'];
/** Set by the image as well; without it the process would begin anew, and a debugger of it, too. */
const SHIPPED_ENVIRONMENT: NodeJS.ProcessEnv = {};
giveFreedMemoryBack({
  platform: 'linux',
  pid: 0,
  argv: ['', '', 'serve'],
  execPath: '',
  execArgv: [],
  env: {},
  stderr: process.stderr,
  execve: (_file, _args, env) => Object.assign(SHIPPED_ENVIRONMENT, env),
});

/** Takes that away, so that the program begins as on the command line. */
export const AS_ON_COMMAND_LINE: NodeJS.ProcessEnv = Object.fromEntries(
  Object.keys(SHIPPED_ENVIRONMENT).map((name) => [name, undefined]),
);

const ON_FREE_PORTS = ['--http-address=127.0.0.1:0', '--grpc-address=127.0.0.1:0'];

/** The gateway as a process of its own, which listens on the loopback alone. */
export interface ServeProcess extends RunningProcess {
  readonly url: string;
  readonly grpcAddress: string;
  readonly pid: number;
}

export interface ServeOptions {
  /** The program; that of the source where it is left out. */
  readonly program?: string | undefined;
  /** More options of its Node. */
  readonly execArgv?: readonly string[] | undefined;
  /** Beside the environment of this process. */
  readonly env?: NodeJS.ProcessEnv | undefined;
}

/** Where a gateway may listen, again and again. */
export interface GatewayPlace {
  readonly http: number;
  readonly grpc: number;
  readonly url: string;
}

export async function gatewayPlace(): Promise<GatewayPlace> {
  const [http, grpc] = [await freePort(), await freePort()];
  return { http, grpc, url: `http://127.0.0.1:${http}` };
}

/** Runs `promweave serve` at a place, without waiting for anything. It ends with the test at the latest. */
export async function startServeAt(
  t: TestContext,
  { http, grpc }: GatewayPlace,
  flags: readonly string[],
): Promise<RunningProcess> {
  const addresses = [`--http-address=127.0.0.1:${http}`, `--grpc-address=127.0.0.1:${grpc}`];
  const running = await run([...addresses, ...flags]);
  t.after(async () => running.stop('SIGKILL'));
  return running;
}

/** Runs `promweave serve` and waits until it listens: on free ports, unless the flags name others. Stop it before the test ends. */
export async function startServe(
  flags: readonly string[],
  options: ServeOptions = {},
): Promise<ServeProcess> {
  const running = await run([...ON_FREE_PORTS, '--http-shutdown-delay=0s', ...flags], options);
  const told = (): RegExpExecArray | null =>
    /\burl=(?<url>https?:\S+) grpc=(?<grpc>\S+).*msg=listening$/m.exec(running.output());
  try {
    await until('the gateway listened', START_MS, async () => {
      const { exitCode, signalCode } = running.child;
      if (exitCode !== null || signalCode !== null)
        throw new Error(`the gateway ended before it listened:\n${running.output()}`);
      return told() !== null;
    });
  } catch (thrown) {
    await running.stop('SIGKILL');
    throw thrown;
  }
  const { url, grpc } = told()!.groups!;
  return { ...running, url: url!, grpcAddress: grpc!, pid: running.child.pid! };
}

/** Waits until so many endpoints of a gateway are up. */
export async function untilEndpointsUp(url: string, count: number): Promise<void> {
  await until(`${count} endpoints of ${url} were up`, START_MS, async () => {
    const text = await (await fetch(`${url}/metrics`)).text();
    return [...text.matchAll(/^promweave_endpoint_up\{.*\} 1$/gm)].length >= count;
  });
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

function run(
  flags: readonly string[],
  { program = 'src/main.ts', execArgv = [], env }: ServeOptions = {},
): Promise<RunningProcess> {
  const args = [...SHIPPED_OPTIONS, ...execArgv, program, 'serve', ...flags];
  return startProcess(process.execPath, args, undefined, { env: { ...SHIPPED_ENVIRONMENT, ...env } });
}
