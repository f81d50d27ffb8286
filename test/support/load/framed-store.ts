import { once } from 'node:events';
import { createServer, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';

export interface FramedStore {
  /** `127.0.0.1:port`. */
  readonly target: string;
  close(): Promise<void>;
}

/**
 * A gRPC server that answers every call with the same messages, framed beforehand, so that it costs as little as a server
 * that hands over one ready HTTP body: what is measured is the client.
 */
export async function startFramedStore(messages: readonly Uint8Array[]): Promise<FramedStore> {
  const answer = Buffer.concat(messages.flatMap((message) => [frameHead(message.length), message]));
  return startStreamServer((stream) => send(stream, answer));
}

/** A server whose answers to calls of gRPC are made by hand. */
export async function startStreamServer(
  answer: (stream: ServerHttp2Stream) => void | Promise<void>,
): Promise<FramedStore> {
  const sessions = new Set<ServerHttp2Session>();
  const server = createServer();
  server.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
  });
  server.on('stream', (stream) => void answer(stream));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    target: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const session of sessions) session.destroy();
      await closed;
    },
  };
}

/** Length-Prefixed-Message of gRPC over HTTP/2: not compressed, then the length. */
export function frameHead(length: number): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(length, 1);
  return head;
}

/** HTTP/2 cuts the bytes into DATA frames as the client's window allows. */
function send(stream: ServerHttp2Stream, answer: Buffer): void {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  stream.on('error', () => {});
  stream.end(answer);
}
