import { extname } from 'node:path';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { atMost } from './fair-queue.ts';

/** Lists and configurations of more characters are read in a thread of their own. So many of YAML take 5 ms, and 30 ms where they are chosen to take long. */
export const LONG_YAML: number = 4 * 1024;

/** What threads may take. */
interface Limits {
  /** So many run at once, so that requests keep the processor; the others wait for their turn. */
  readonly inTurn: ReturnType<typeof atMost>;
  /** One that has not answered by then is ended, ms. */
  readonly longestMs: number;
  /** What its JavaScript heap may take, MB. */
  readonly heapMb: number;
}

const LIMITS: Limits = { inTurn: atMost(2), longestMs: 20_000, heapMb: 512 };
const NEVER = new AbortController().signal;

/**
 * Has a thread answer one question, for rare work that would keep everybody else waiting. The thread is started for that, and ends. It
 * keeps no process running. Rejects where it ends without an answer, takes too long, or too much memory.
 * @param beside the `import.meta.url` of the caller.
 * @param name of the module that the thread runs, without its extension, which is beside the caller. It calls {@link answerQuestion}.
 *   The build has to know it: see `scripts/build.ts`.
 * @param question what can be cloned, as the answer has to be.
 */
export async function askOwnThread<Answer>(
  beside: string,
  name: string,
  question: unknown,
  limits: Limits = LIMITS,
): Promise<Answer> {
  const module = new URL(`./${name}${extname(beside)}`, beside);
  return limits.inTurn(NEVER, async () => answerOf<Answer>(module, name, question, limits));
}

async function answerOf<Answer>(
  module: URL,
  name: string,
  question: unknown,
  { longestMs, heapMb }: Limits,
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const worker = new Worker(module, {
    name,
    workerData: question,
    resourceLimits: { maxOldGenerationSizeMb: heapMb },
  });
  worker.unref();
  worker.on('message', resolve);
  worker.on('error', reject);
  worker.on('exit', (code) => reject(new Error(`the thread ${name} exited with ${code}`)));
  const late = setTimeout(() => {
    reject(new Error(`the thread ${name} did not answer within ${longestMs / 1000} s`));
  }, longestMs);
  late.unref();
  try {
    return await promise;
  } finally {
    clearTimeout(late);
    await worker.terminate();
  }
}

/** What a module for {@link askOwnThread} does with its question. */
export function answerQuestion(answer: (question: never) => unknown): void {
  parentPort?.postMessage(answer(workerData as never), []);
}
