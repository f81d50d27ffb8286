import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { QueryError, messageOf } from '../../model/errors.ts';
import type { Paced } from '../../model/pacer.ts';
import { TurnLine } from '../../model/turn-line.ts';
import { turnOf } from '../../model/turn-taker.ts';
import type { RowAnswer, RowTask } from './row-task.ts';
import type { ThreadReply } from './row-thread.ts';
import { buffersOf } from './write-task.ts';

/** Threads that make rows beside the one that serves requests. */
export interface RowThreads {
  /** How many there may be. */
  readonly size: number;
  /** Samples that a selection must have before it is worth it, and those of a task, with all replicas. */
  readonly worthwhileSamples: number;
  readonly samplesPerTask: number;
  /**
   * Makes the rows of a task, whose buffers are handed over. Rejects with the signal's reason once it is aborted: a task that
   * waits is dropped then. Rejects with a QueryError of kind `internal` where the thread ended.
   * @param scope until when, and for whom.
   */
  answer(task: RowTask, scope: Paced): Promise<RowAnswer>;
}

/** Some ten milliseconds of work. */
const WORTHWHILE_SAMPLES = 500_000;
/** A millisecond or two of work: enough to be worth a message, and little enough that nobody waits long for it. */
const SAMPLES_PER_TASK = 100_000;
/** A thread has its next task at hand when it ends one. */
const TASKS_PER_THREAD = 2;

/** Beside the source in a checkout, beside the bundle that holds this module in the program. */
const ENTRY = new URL(`./row-thread${extname(import.meta.url)}`, import.meta.url);

export function startRowThread(): Worker {
  return new Worker(ENTRY, { name: 'rows', resourceLimits: { maxYoungGenerationSizeMb: 8 } });
}

interface Waiting {
  readonly task: RowTask;
  readonly resolve: (answer: RowAnswer) => void;
  readonly reject: (thrown: unknown) => void;
  /** Called when it is no longer waiting. */
  readonly leave: () => void;
}

interface Thread {
  readonly worker: Worker;
  /** What it was sent and has not answered, in the order in which it answers. */
  readonly sent: Waiting[];
}

/**
 * Starts a thread when there is work that no other one has time for, up to a number. One that ends takes nothing with it but the
 * queries whose tasks it had; the next task starts another one.
 */
export class ThreadPool implements RowThreads {
  readonly size: number;
  readonly worthwhileSamples: number = WORTHWHILE_SAMPLES;
  readonly samplesPerTask: number = SAMPLES_PER_TASK;
  readonly #threads = new Set<Thread>();
  /** Each request keeps a few tasks at most here, so none holds up the others for long. */
  readonly #waiting = new TurnLine<Waiting>();
  readonly #onEnd: (cause: unknown) => void;
  readonly #startThread: () => Worker;
  #isClosed = false;

  /**
   * @param onEnd hears of threads that end though nobody told them to.
   * @param start starts a thread.
   */
  constructor(size: number, onEnd: (cause: unknown) => void, start: () => Worker = startRowThread) {
    this.size = size;
    this.#onEnd = onEnd;
    this.#startThread = start;
  }

  /** How many threads run now. */
  get running(): number {
    return this.#threads.size;
  }

  answer(task: RowTask, { signal, caller }: Paced): Promise<RowAnswer> {
    const whose = caller === undefined ? '' : turnOf(caller);
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason as Error);
        return;
      }
      if (this.#isClosed) {
        reject(closed());
        return;
      }
      const giveUp = (): void => {
        this.#waiting.drop(whose, waiting);
        reject(signal.reason as Error);
      };
      const leave = (): void => signal.removeEventListener('abort', giveUp);
      const waiting: Waiting = { task, resolve, reject, leave };
      signal.addEventListener('abort', giveUp, { once: true });
      this.#waiting.add(whose, waiting);
      this.#send();
    });
  }

  /** Ends all threads; what they were busy with fails, and so does what waits for them or comes later. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (let waiting = this.#waiting.take(); waiting !== undefined; waiting = this.#waiting.take()) {
      waiting.leave();
      waiting.reject(closed());
    }
    await Promise.all([...this.#threads].map(({ worker }) => worker.terminate()));
  }

  #send(): void {
    while (this.#waiting.size > 0) {
      const thread = this.#threadWithRoom();
      if (thread === undefined) return;
      const next = this.#waiting.take()!;
      next.leave();
      thread.sent.push(next);
      thread.worker.postMessage(next.task, [...buffersOf(next.task)]);
    }
  }

  /** The one with the least to do; a new one rather than one that is busy. */
  #threadWithRoom(): Thread | undefined {
    let least: Thread | undefined;
    for (const thread of this.#threads)
      if (least === undefined || thread.sent.length < least.sent.length) least = thread;
    if (least?.sent.length === 0) return least;
    if (this.#threads.size < this.size) return this.#start();
    return least !== undefined && least.sent.length < TASKS_PER_THREAD ? least : undefined;
  }

  #start(): Thread {
    const worker = this.#startThread();
    const thread: Thread = { worker, sent: [] };
    this.#threads.add(thread);
    // A pool alone keeps no process running.
    worker.unref();
    worker.on('message', (reply: ThreadReply) => {
      const { resolve, reject } = thread.sent.shift()!;
      if (reply.kind === 'answer') resolve(reply.answer);
      else reject(reply.thrown);
      this.#send();
    });
    let cause: unknown;
    worker.on('error', (thrown) => {
      cause = thrown;
    });
    worker.on('exit', (code) => {
      this.#threads.delete(thread);
      const reason = cause === undefined ? `it exited with ${code}` : messageOf(cause);
      const failure = new QueryError('internal', `a thread that evaluated the query ended: ${reason}`);
      for (const { reject } of thread.sent) reject(failure);
      if (this.#isClosed) return;
      this.#onEnd(cause ?? failure);
      this.#send();
    });
    return thread;
  }
}

function closed(): QueryError {
  return new QueryError('internal', 'the query was not evaluated, because the server is shutting down');
}
