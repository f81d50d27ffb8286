import { countText, percentText } from '../text/numbers.ts';

/** How many there are of something, and how many there were. */
export interface NowAndBefore {
  readonly now: number;
  readonly before: number;
}

export function changeText({ now, before }: NowAndBefore): string {
  if (before === 0) return 'new';
  if (now === before) return 'none';
  const sign = now > before ? '+' : '−';
  return `${sign}${countText(Math.abs(now - before))} (${sign}${percentText(Math.abs(now - before) / before)})`;
}
