import { monitorEventLoopDelay } from 'node:perf_hooks';

const NANOSECONDS = 1e6;

/**
 * How late this process is from now on. A busy machine makes those late that it watches, too: what goes to one of them and comes back is as
 * late twice.
 */
export function watchOwnLateness(): { readonly longestMs: () => number } {
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  return { longestMs: () => delays.max / NANOSECONDS };
}
