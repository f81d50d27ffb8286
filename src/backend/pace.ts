import { SYSTEM_CLOCK } from '../model/clock.ts';
import { Pacer, type Pace } from '../model/pacer.ts';

/** Lets the long work of one call give way to others. Throws the signal's own reason, which a call ends with. */
export function paceOf(signal: AbortSignal): Pace {
  const pacer = new Pacer(SYSTEM_CLOCK, signal);
  return {
    due: () => pacer.due(),
    breathe: async () => {
      await pacer.rest();
      signal.throwIfAborted();
    },
  };
}
