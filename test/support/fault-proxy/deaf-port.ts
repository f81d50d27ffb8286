import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';

/** The least that Node passes on to `listen(2)`: 0 would become its own default. */
const BACKLOG = 1;
/** Linux keeps one more than the backlog; a few more never hurt. */
const MOST_FILLERS = 8;
const FILLED_AFTER_MS = 100;

export interface DeafPort {
  /** Frees the port. */
  close(): Promise<void>;
}

/**
 * A port of the loopback that answers no attempt to connect: a thread listens on it and never accepts, and the queue of connections
 * that wait to be accepted is full. Linux drops the packets of further ones.
 */
export async function listenDeaf(port: number): Promise<DeafPort> {
  const thread = new Worker(fileURLToPath(import.meta.url), { workerData: port });
  await once(thread, 'message');
  const fillers: Socket[] = [];
  const close = async (): Promise<void> => {
    for (const filler of fillers) filler.destroy();
    await thread.terminate();
  };
  for (let i = 0; i < MOST_FILLERS; i++) {
    const filler = connect(port, '127.0.0.1');
    filler.on('error', () => {});
    fillers.push(filler);
    const isAccepted = await Promise.race([
      once(filler, 'connect').then(() => true),
      new Promise<false>((resolve) => setTimeout(() => resolve(false), FILLED_AFTER_MS)),
    ]);
    if (!isAccepted) return { close };
  }
  await close();
  throw new Error(`port ${port} took ${MOST_FILLERS} connections though nobody accepts them`);
}

if (!isMainThread && typeof workerData === 'number') {
  createServer().listen({ port: workerData, host: '127.0.0.1', backlog: BACKLOG }, () => {
    parentPort!.postMessage('listening', []);
    // The thread sleeps before its loop could accept anything.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
}
