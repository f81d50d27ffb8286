import { startProcess, type RunningProcess } from './process.ts';
import { until } from './until.ts';

const START_MS = 60_000;
/** As the image starts it. */
const SHIPPED_OPTIONS = ['--max-semi-space-size=16'];
/** Set by the image as well; without it the process would begin anew, and a debugger of it, too. */
const SHIPPED_ENVIRONMENT = { MALLOC_TRIM_THRESHOLD_: '131072' };

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

/** Runs `promweave serve` and waits until it listens: on free ports, unless the flags name others. Stop it before the test ends. */
export async function startServe(
  flags: readonly string[],
  { program = 'src/main.ts', execArgv = [], env }: ServeOptions = {},
): Promise<ServeProcess> {
  const running = await startProcess(
    process.execPath,
    [
      ...SHIPPED_OPTIONS,
      ...execArgv,
      program,
      'serve',
      '--http-address=127.0.0.1:0',
      '--grpc-address=127.0.0.1:0',
      '--http-shutdown-delay=0s',
      ...flags,
    ],
    undefined,
    { env: { ...SHIPPED_ENVIRONMENT, ...env } },
  );
  const told = (): RegExpExecArray | null =>
    /\burl=(?<url>http:\S+) grpc=(?<grpc>\S+).*msg=listening$/m.exec(running.output());
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
