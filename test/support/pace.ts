import { Pacer, type Pace } from '../../src/model/pacer.ts';

/** Never gives way. */
export const NO_PAUSE: Pace = { due: () => false, breathe: () => Promise.resolve() };

/** Gives way whenever it is asked, and counts how often. */
export function eagerPace(): Pace & { pauses: number } {
  const pace = {
    pauses: 0,
    due: () => true,
    breathe: async () => {
      pace.pauses++;
    },
  };
  return pace;
}

/** By the system's clock, for a request that nobody cancels. */
export function testPacer(): Pacer {
  return new Pacer(new AbortController());
}
