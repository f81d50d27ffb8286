const NS = { us: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 } as const;

/** A duration of ms, not negative, as Go writes it (`time.Duration.String`): `0s`, `750ns`, `1.5ms`, `2m0.25s`. */
export function goDuration(ms: number): string {
  const ns = Math.round(ms * NS.ms);
  if (ns === 0) return '0s';
  if (ns < NS.us) return `${ns}ns`;
  if (ns < NS.ms) return `${decimal(ns / NS.us, 3)}µs`;
  if (ns < NS.s) return `${decimal(ns / NS.ms, 6)}ms`;
  const hours = Math.floor(ns / NS.h);
  const minutes = Math.floor((ns % NS.h) / NS.m);
  const seconds = `${decimal((ns % NS.m) / NS.s, 9)}s`;
  if (hours > 0) return `${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${minutes}m${seconds}` : seconds;
}

/** Without zeros at the end. */
function decimal(value: number, digits: number): string {
  return value.toFixed(digits).replace(/\.?0+$/, '');
}
