import { readFileSync } from 'node:fs';

const PRELOADED = /\/lib(?<name>jemalloc|mimalloc|tcmalloc)[^/\n]*\.so/;

/**
 * What hands out the memory beside the JavaScript heap: `jemalloc` or another library that is preloaded, else `glibc`, `musl`, or `system`
 * where that cannot be told.
 * @param maps what is mapped into the process, as in `/proc/self/maps`.
 */
export function allocatorInUse(maps: string = mapsOfThisProcess()): string {
  const preloaded = PRELOADED.exec(maps)?.groups?.['name'];
  if (preloaded !== undefined) return preloaded;
  // The dynamic loader of musl is the C library itself.
  if (/\/ld-musl-/.test(maps)) return 'musl';
  return /\/libc[-.][^/\n]*\.so|\/libc\.so/.test(maps) ? 'glibc' : 'system';
}

function mapsOfThisProcess(): string {
  try {
    return readFileSync('/proc/self/maps', 'utf8');
  } catch {
    return '';
  }
}
