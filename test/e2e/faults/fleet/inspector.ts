import type { ServeProcess } from '../../../support/serve-process.ts';

/** Options of Node for a process whose heap is to be looked at. */
export const INSPECTED: readonly string[] = ['--inspect=127.0.0.1:0'];

/** An inspector that takes longer for one answer is gone, or its process hangs, ms. A collection takes less than a second. */
const LONGEST_ANSWER_MS = 20_000;

/** What a process started with {@link INSPECTED} holds once garbage was collected, bytes. Throws where it does not say so in time. */
export async function heapOf(
  process: Pick<ServeProcess, 'output'>,
  longestMs: number = LONGEST_ANSWER_MS,
): Promise<number> {
  const url = /^Debugger listening on (ws:\S+)$/m.exec(process.output())?.[1];
  if (url === undefined) throw new Error(`the process has no inspector:\n${process.output()}`);
  const socket = new WebSocket(url);
  try {
    await heard(socket, 'open', longestMs);
    // The second collection takes what finalizers of the first one let go.
    await command(socket, 'HeapProfiler.collectGarbage', longestMs);
    await command(socket, 'HeapProfiler.collectGarbage', longestMs);
    const { usedSize } = (await command(socket, 'Runtime.getHeapUsage', longestMs)) as {
      readonly usedSize: number;
    };
    return usedSize;
  } catch (thrown) {
    throw new Error(`${String(thrown)}; the process printed:\n${process.output()}`, { cause: thrown });
  } finally {
    socket.close();
  }
}

async function command(socket: WebSocket, method: string, longestMs: number): Promise<unknown> {
  const answered = heard(socket, 'message', longestMs);
  socket.send(JSON.stringify({ id: 1, method }));
  const { data } = (await answered) as MessageEvent;
  return (JSON.parse(String(data)) as { readonly result: unknown }).result;
}

/** The next event of a kind. A socket that fails or closes has no more of them. */
async function heard(socket: WebSocket, kind: 'open' | 'message', longestMs: number): Promise<Event> {
  const { promise, resolve, reject } = Promise.withResolvers<Event>();
  const end = (why: string): void => reject(new Error(`the inspector ${why}`));
  const isGone = (): void => end('closed its connection, or refused it: its process may have ended');
  const timer = setTimeout(() => end(`did not answer within ${longestMs} ms`), longestMs);
  const over = new AbortController();
  const { signal } = over;
  socket.addEventListener(kind, resolve, { signal });
  socket.addEventListener('error', isGone, { signal });
  socket.addEventListener('close', isGone, { signal });
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    over.abort();
  }
}
