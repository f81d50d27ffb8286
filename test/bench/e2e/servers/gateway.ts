import { startProcess } from '../../../support/process.ts';
import { until } from '../../../support/until.ts';

export interface Gateway {
  readonly url: string;
  readonly pid: number;
  /** Ends it by the signal that lets Node write profiles. */
  stop(): Promise<unknown>;
}

/** As the image starts it. */
const SHIPPED_OPTIONS = ['--max-semi-space-size=16'];

/** Starts the gateway as a process of its own and waits until every endpoint has answered. */
export async function startGateway(
  program: string,
  endpoints: readonly string[],
  execArgv: readonly string[],
): Promise<Gateway> {
  const running = await startProcess(process.execPath, [
    ...SHIPPED_OPTIONS,
    ...execArgv,
    program,
    'serve',
    '--http-address=127.0.0.1:0',
    '--grpc-address=127.0.0.1:0',
    ...endpoints.map((url) => `--endpoint=${url}`),
  ]);
  try {
    let url: string | undefined;
    await until('the gateway listened', 30_000, async () => {
      if (running.child.exitCode !== null) throw new Error(`the gateway ended:\n${running.output()}`);
      url = /\burl=(\S+) .*msg=listening$/m.exec(running.output())?.[1];
      return url !== undefined;
    });
    await until(`all ${endpoints.length} endpoints were up`, 30_000, async () => {
      const up = await endpointsUp(url!);
      return up === endpoints.length;
    });
    return { url: url!, pid: running.child.pid!, stop: () => running.stop('SIGINT') };
  } catch (thrown) {
    await running.stop('SIGKILL');
    throw thrown;
  }
}

async function endpointsUp(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return [...text.matchAll(/^promweave_endpoint_up\{.*\} 1$/gm)].length;
}
