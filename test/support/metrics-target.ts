import { once } from 'node:events';
import { createServer } from 'node:http';

export interface MetricsTarget {
  readonly address: string;
  stop(): Promise<void>;
}

/** A process to scrape: `exposition` is called for each scrape and gives the text, in Prometheus' format unless the type says another. */
export async function startMetricsTarget(
  exposition: () => string,
  type = 'text/plain; version=0.0.4',
): Promise<MetricsTarget> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', type);
    response.end(exposition());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('the target has no port');
  return {
    address: `127.0.0.1:${bound.port}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
