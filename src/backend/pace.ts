import { Pacer, type Paced } from '../model/pacer.ts';

/** Bytes of a message that are read between two looks at the clock: a millisecond or two, however small its series are. */
export const MESSAGE_SLICE_BYTES: number = 16 * 1024;

/** For work on what a server answered. An aborted call fails with the reason of its signal. */
export function answerPacer(scope: Paced): Pacer {
  return new Pacer(scope, ({ reason }) => reason);
}
