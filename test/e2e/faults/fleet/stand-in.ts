import { once } from 'node:events';
import { createServer as createHttp } from 'node:http';
import { createServer as createHttp2 } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import type { Transport } from './replica.ts';

/** What a load balancer answers in the place of a server. */
export interface StandInAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

export interface StandIn {
  readonly port: number;
  close(): Promise<void>;
}

/** A server that answers everything alike: over HTTP/1.1 in the place of a Prometheus, over HTTP/2 in that of a gRPC server. */
export async function startStandIn(
  transport: Transport,
  { status, type, body }: StandInAnswer,
): Promise<StandIn> {
  const headers = { 'content-type': type };
  const server =
    transport === 'http'
      ? createHttp((request, response) => {
          request.resume();
          response.writeHead(status, headers).end(body);
        })
      : createHttp2().on('stream', (stream) => {
          stream.on('error', () => {});
          stream.respond({ ':status': status, ...headers });
          stream.end(body);
        });
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
