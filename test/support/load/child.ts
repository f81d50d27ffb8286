import { fork } from 'node:child_process';
import { once } from 'node:events';

export interface Child {
  /** Sends a message that has no answer. */
  send(message: string): void;
  /** Sends a message and waits for the answer. */
  ask(message: string): Promise<unknown>;
  stop(): Promise<void>;
}

/** What the child says first: where it listens. */
interface Hello {
  readonly url: string;
  /** Of a gateway. */
  readonly grpcAddress?: string;
}

/** Starts a script of this folder as a process of its own and waits until it listens. Stop it before the test ends. */
export async function startChild(
  script: string,
  args: readonly string[],
  execArgv: readonly string[] = [],
): Promise<Child & Hello> {
  const child = fork(script, args, {
    execArgv: [...execArgv],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  const answer = async (): Promise<unknown> => {
    const ended = exited.then(() => Promise.reject(new Error(`${script} ended before it answered`)));
    const [message] = (await Promise.race([once(child, 'message'), ended])) as readonly unknown[];
    return message;
  };
  const hello = (await answer()) as Hello;
  return {
    ...hello,
    send: (message) => void child.send(message),
    ask: (message) => {
      const answered = answer();
      child.send(message);
      return answered;
    },
    stop: async () => {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}
