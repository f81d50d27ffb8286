import { once } from 'node:events';
import type { ServeProcess } from '../../../support/serve-process.ts';

/** Options of Node for a process whose heap is to be looked at. */
export const INSPECTED: readonly string[] = ['--inspect=127.0.0.1:0'];

/** What a process started with {@link INSPECTED} holds once garbage was collected, bytes. */
export async function heapOf(process: Pick<ServeProcess, 'output'>): Promise<number> {
  const url = /^Debugger listening on (ws:\S+)$/m.exec(process.output())?.[1];
  if (url === undefined) throw new Error(`the process has no inspector:\n${process.output()}`);
  const socket = new WebSocket(url);
  await once(socket, 'open');
  try {
    // The second collection takes what finalizers of the first one let go.
    await command(socket, 'HeapProfiler.collectGarbage');
    await command(socket, 'HeapProfiler.collectGarbage');
    const { usedSize } = (await command(socket, 'Runtime.getHeapUsage')) as { readonly usedSize: number };
    return usedSize;
  } finally {
    socket.close();
  }
}

async function command(socket: WebSocket, method: string): Promise<unknown> {
  const answered = once(socket, 'message');
  socket.send(JSON.stringify({ id: 1, method }));
  const [{ data }] = (await answered) as [{ readonly data: string }];
  return (JSON.parse(data) as { readonly result: unknown }).result;
}
