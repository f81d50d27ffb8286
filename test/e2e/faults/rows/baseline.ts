import type { FaultRow } from './row.ts';
import { judgeAnswers, observe } from './under-load.ts';

/** No fault at all: what the others are compared with. */
export const BASELINE_ROW: FaultRow = {
  name: 'none',
  run: async (fleet, scale) => {
    const breakage = { begin: () => {}, end: () => {} };
    const observed = await observe(fleet, scale, { breakage, expectation: { kind: 'whole' } });
    return { ...judgeAnswers(observed, false), bound: 'every answer is right' };
  },
};
