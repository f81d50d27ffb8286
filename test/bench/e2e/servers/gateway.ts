import { startServe, untilEndpointsUp, type ServeProcess } from '../../../support/serve-process.ts';

export type Gateway = Pick<ServeProcess, 'url' | 'pid' | 'stop'>;

/** Starts the gateway as a process of its own and waits until every endpoint has answered. */
export async function startGateway(
  program: string,
  endpoints: readonly string[],
  flags: readonly string[],
  execArgv: readonly string[],
): Promise<Gateway> {
  const gateway = await startServe([...endpoints.map((url) => `--endpoint=${url}`), ...flags], {
    program,
    execArgv,
  });
  try {
    await untilEndpointsUp(gateway.url, endpoints.length);
    return gateway;
  } catch (thrown) {
    await gateway.stop('SIGKILL');
    throw thrown;
  }
}
