import { countText, percentText } from '../text/numbers.ts';

/** How many there are of something, and how many there were. */
export interface NowAndBefore {
  readonly now: number;
  readonly before: number;
}

/** What is said of what had none a day ago: it may be new, or the data of that time is gone. */
export const UNKNOWN = 'unknown';
export const WHY_UNKNOWN = 'Nothing is known of a day ago: it is new, or the data does not go back that far.';

export function changeText({ now, before }: NowAndBefore): string {
  if (before === 0) return UNKNOWN;
  if (now === before) return 'none';
  const sign = now > before ? '+' : '−';
  return `${sign}${countText(Math.abs(now - before))} (${sign}${percentText(Math.abs(now - before) / before)})`;
}
