/** Entry of a worker thread: makes rows of the tasks that {@link ThreadPool} sends, one after the other. */
import { parentPort } from 'node:worker_threads';
import { answerTask } from './answer-task.ts';
import type { RowAnswer, RowTask } from './row-task.ts';
import { comeLater } from './thread-priority.ts';

/** What comes back for a task: its answer, or what our own mistake has thrown. */
export type ThreadReply =
  | { readonly kind: 'answer'; readonly answer: RowAnswer }
  | { readonly kind: 'thrown'; readonly thrown: unknown };

comeLater();
parentPort?.on('message', (task: RowTask) => {
  const reply = replyTo(task);
  const transfer = reply.kind === 'answer' ? buffersOfAnswer(reply.answer) : [];
  parentPort?.postMessage(reply, [...transfer]);
});

function replyTo(task: RowTask): ThreadReply {
  try {
    return { kind: 'answer', answer: answerTask(task) };
  } catch (thrown) {
    return { kind: 'thrown', thrown };
  }
}

function buffersOfAnswer({ lengths, present, kinds, values, counts }: RowAnswer): readonly ArrayBuffer[] {
  return [lengths, present, kinds, values, counts].map(({ buffer }) => buffer as ArrayBuffer);
}
