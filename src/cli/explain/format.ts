import { timeText } from '../../model/time-text.ts';

const DAY_SECONDS = 86_400;
const NUMBER = new Intl.NumberFormat('en-US');
const ROUNDED = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });

/** `12,177`. */
export function formatCount(count: number): string {
  return NUMBER.format(count);
}

/** `1 series`, `2 switches`; `plural` where it takes more than an s. */
export function counted(count: number, singular: string, plural: string = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}

/** `560 B`, `33.5 kB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let value = bytes;
  let unit = 0;
  for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1000;
  return `${ROUNDED.format(value)} ${units[unit]}`;
}

/** Whole ms from ten on, tenths below. */
export function formatMs(ms: number): string {
  return `${ms >= 10 ? formatCount(Math.round(ms)) : ROUNDED.format(ms)} ms`;
}

/** `9 min`, `1,107.5 min`. */
export function formatMinutes(seconds: number): string {
  return `${ROUNDED.format(seconds / 60)} min`;
}

/** `2026-11-23 07:43:13` in UTC: what is finer is left out. */
export function formatDateTime(seconds: number): string {
  return timeText(Math.floor(seconds) * 1000);
}

/** Prints times of a range as short as they can be told apart: the day where there are several, no seconds. */
export function timeFormat(start: number, end: number): (seconds: number) => string {
  const oneDay = Math.floor(start / DAY_SECONDS) === Math.floor(end / DAY_SECONDS);
  return (seconds) => formatDateTime(seconds).slice(oneDay ? 11 : 5, 16);
}

/**
 * Breaks text at spaces so that no line is longer than `width`, as far as words allow; further lines start with
 * `hanging`.
 */
export function wrap(text: string, width: number, hanging: string): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<=\S) /)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line === '' || longer.length <= width) {
      line = longer;
      continue;
    }
    lines.push(line);
    line = `${hanging}${word}`;
  }
  return [...lines, line];
}
