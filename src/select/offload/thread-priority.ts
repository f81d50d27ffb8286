import { readlinkSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import { basename } from 'node:path';

/** By so much the niceness is greater: a thread that wants a core as well then gets a third of what the thread of the requests gets. */
const LATER = 5;
const LATEST = 19;

/** Where Linux tells which thread asks: `<process>/task/<thread>`. */
const OWN_THREAD = '/proc/thread-self';

/**
 * Lets the thread that calls it come after the others of the process where there are more threads than cores: then the health and small
 * requests do not wait for large ones. Linux alone has priorities of threads; elsewhere, and where it is not allowed, all stay equal.
 */
export function comeLater(): void {
  try {
    const thread = Number(basename(readlinkSync(OWN_THREAD)));
    setPriority(thread, Math.min(getPriority() + LATER, LATEST));
  } catch {
    // Nothing but the order of work depends on it.
  }
}
