import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CERTIFICATES } from './certificates.ts';
import { freePort } from './free-port.ts';
import { startProcess, type RunningProcess } from './process.ts';
import { until } from './until.ts';

export interface CacheProcess extends RunningProcess {
  readonly port: number;
  readonly address: string;
}

/** What ends with a test, or with whatever else calls back. */
export interface Ends {
  after(end: () => unknown): void;
}

export interface RedisOptions {
  readonly port?: number;
  readonly password?: string;
  readonly isTls?: boolean;
  /** More settings of its own. */
  readonly more?: Readonly<Record<string, string>>;
}

/** Debian's Redis, which keeps nothing on disk. It ends with the test at the latest. */
export async function startRedis(
  t: Ends,
  { port: given, password, isTls = false, more = {} }: RedisOptions = {},
): Promise<CacheProcess> {
  const port = given ?? (await freePort());
  const folder = mkdtempSync(join(tmpdir(), 'promweave-redis-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const settings: Readonly<Record<string, string>> = {
    bind: '127.0.0.1',
    save: '',
    appendonly: 'no',
    dir: folder,
    ...(isTls
      ? {
          port: '0',
          'tls-port': String(port),
          'tls-auth-clients': 'no',
          'tls-cert-file': file('server.crt', CERTIFICATES.server.cert),
          'tls-key-file': file('server.key', CERTIFICATES.server.key),
          'tls-ca-cert-file': file('ca.crt', CERTIFICATES.ca),
        }
      : { port: String(port) }),
    ...(password !== undefined && { requirepass: password }),
    ...more,
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  return startCache(t, '/usr/bin/redis-server', args, 'redis-server', port);
}

/** Debian's memcached. It ends with the test at the latest. */
export async function startMemcached(t: Ends, given?: number): Promise<CacheProcess> {
  const port = given ?? (await freePort());
  const args = ['-l', '127.0.0.1', '-p', String(port), '-m', '32', '-u', 'nobody'];
  return startCache(t, '/usr/bin/memcached', args, 'memcached', port);
}

async function startCache(
  t: Ends,
  binary: string,
  args: readonly string[],
  debianPackage: string,
  port: number,
): Promise<CacheProcess> {
  const running = await startProcess(binary, args, debianPackage);
  t.after(async () => {
    // One that was frozen does not end by itself.
    running.child.kill('SIGCONT');
    await running.stop('SIGKILL');
  });
  await until(`${binary} listened`, 10_000, () => listensAt(port));
  return { ...running, port, address: `127.0.0.1:${port}` };
}

async function listensAt(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** A server that says to each piece that it is sent what the test wants. */
export async function startLiar(
  t: Ends,
  answer: (socket: Socket, asked: string) => void,
): Promise<{ readonly port: number; readonly address: string }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (asked: Buffer) => answer(socket, asked.toString('latin1')));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as { readonly port: number };
  return { port, address: `127.0.0.1:${port}` };
}
