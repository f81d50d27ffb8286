import { zone, type Zone } from '../state/settings.ts';
import { timeText } from './time.ts';

/** A time of today without its day, s since the epoch. */
export function shortTimeText(
  seconds: number,
  now: number = Date.now() / 1000,
  at: Zone = zone.value,
): string {
  const [text, today] = [timeText(seconds, 'full', at), timeText(now, 'full', at)];
  return text.slice(0, 10) === today.slice(0, 10) ? text.slice(11) : text;
}
