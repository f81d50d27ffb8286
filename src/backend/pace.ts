import { Pacer } from '../model/pacer.ts';

/** For work on what a server answered. An aborted call fails with the reason of its signal. */
export function answerPacer(signal: AbortSignal): Pacer {
  return new Pacer(signal, ({ reason }) => reason);
}
