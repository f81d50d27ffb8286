import { zone, type Zone } from '../state/settings.ts';

/** Times are seconds since the epoch, as in the API. */
export function timeText(seconds: number, form: 'time' | 'full' = 'full', at: Zone = zone.value): string {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return 'no time';
  const shifted = at === 'utc' ? date : new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  const iso = shifted.toISOString();
  return form === 'time' ? iso.slice(11, 19) : `${iso.slice(0, 10)} ${iso.slice(11, 19)}`;
}

/** How long ago, in words. */
export function agoText(seconds: number, now: number = Date.now() / 1000): string {
  const age = now - seconds;
  return age < 1 ? 'now' : `${durationText(age, 1)} ago`;
}

const UNITS: readonly (readonly [unit: string, seconds: number])[] = [
  ['w', 604_800],
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
  ['s', 1],
];

/** As PromQL writes it, such as `1h30m`; the greatest parts alone where `most` is given. Below a second `ms`. */
export function durationText(seconds: number, most = 9): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)}ms`;
  let rest = Math.round(seconds);
  const parts: string[] = [];
  for (const [unit, size] of UNITS) {
    // Prometheus writes weeks only where nothing is left.
    if (unit === 'w' && rest % size !== 0) continue;
    if (rest < size || parts.length === most) continue;
    parts.push(`${Math.floor(rest / size)}${unit}`);
    rest %= size;
  }
  return parts.join('');
}

const DURATION = /^(?:\d+(?:\.\d+)?(?:ms|[smhdwy]))+$/;
const SIZES: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  y: 31_536_000,
};

/** Seconds of a duration or a number; undefined where it is none, or not above 0. */
export function parseDuration(text: string): number | undefined {
  const trimmed = text.trim().replaceAll(' ', '');
  const seconds = DURATION.test(trimmed)
    ? [...trimmed.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdwy])/g)].reduce(
        (sum, [, count, unit]) => sum + Number(count) * SIZES[unit!]!,
        0,
      )
    : Number(trimmed);
  return trimmed !== '' && Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;
}

/** A time as one types it in the zone that is shown, or in seconds since the epoch; undefined where it is none. */
export function parseTime(text: string, at: Zone = zone.value): number | undefined {
  const trimmed = text.trim();
  if (/^\d{9,11}(?:\.\d+)?$/.test(trimmed)) return Number(trimmed);
  const parts = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d)(:\d\d(?:\.\d+)?)?(Z)?$/.exec(trimmed);
  if (parts === null) return undefined;
  const [, day, minute, second = ':00', z] = parts;
  const ms = Date.parse(`${day}T${minute}${second}${at === 'utc' || z === 'Z' ? 'Z' : ''}`);
  return Number.isNaN(ms) ? undefined : ms / 1000;
}
