import { ResetHint } from './float-histogram.ts';

/** What a sum or difference of two histograms may say of resets: what both say, else gauge, else nothing. */
export function combineResetHints(a: ResetHint, b: ResetHint): ResetHint {
  if (a === b) return a;
  return a === ResetHint.gauge || b === ResetHint.gauge ? ResetHint.gauge : ResetHint.unknown;
}

/** True where one histogram claims a counter reset and the other claims none: worth a warning. */
export function resetHintsCollide(a: ResetHint, b: ResetHint): boolean {
  return (
    (a === ResetHint.reset && b === ResetHint.notReset) || (a === ResetHint.notReset && b === ResetHint.reset)
  );
}
