import { extname } from 'node:path';
import { parentPort, Worker, workerData } from 'node:worker_threads';

/** YAML of more characters is read in a thread of its own. So many take 5 ms, and 30 ms where they are chosen to take long. */
export const LONG_YAML: number = 4 * 1024;

/**
 * Has a thread answer one question, for rare work that would keep everybody else waiting. The thread is started for that, and ends. It
 * keeps no process running. Rejects where it ends without an answer.
 * @param beside the `import.meta.url` of the caller.
 * @param name of the module that the thread runs, without its extension, which is beside the caller. It calls {@link answerQuestion}.
 *   The build has to know it: see `scripts/build.ts`.
 * @param question what can be cloned, as the answer has to be.
 */
export function askOwnThread<Answer>(beside: string, name: string, question: unknown): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(`./${name}${extname(beside)}`, beside), {
      name,
      workerData: question,
    });
    worker.unref();
    worker.on('message', resolve);
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new Error(`the thread ${name} exited with ${code}`)));
  });
}

/** What a module for {@link askOwnThread} does with its question. */
export function answerQuestion(answer: (question: never) => unknown): void {
  parentPort?.postMessage(answer(workerData as never), []);
}
