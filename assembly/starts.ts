// AssemblyScript: start timestamps inside a chunk, as src/wire/chunk/start-times.ts reads them; for the decoders beside it.

import { MAX_SAFE, refuse, varbitInt, varint } from './bits';

/** The start timestamp of the newest sample in ms, 0 where unknown. */
export let start: f64 = 0;
let distance: f64 = 0;

/** Begins a new chunk. */
export function beginStarts(): void {
  start = 0;
  distance = 0;
}

/** Reads the start timestamp that follows sample `i`; nothing where the header is 0. */
export function readStart(header: u32, i: u32, time: f64, previousTime: f64): void {
  if (i === 0) {
    if (header & 0x80) setStart(time - varint());
    return;
  }
  const changesFrom = header & 0x7f;
  if (changesFrom === 0 || i < changesFrom) return;
  const change = varbitInt();
  distance = i === changesFrom ? change : distance + change;
  setStart(previousTime - distance);
}

function setStart(at: f64): void {
  if (abs(at) > MAX_SAFE) refuse();
  start = at;
}
