import { createHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { startTestGateway } from '../running-gateway.ts';

/** How long the event loop stood still, ms, since that was asked the last time. */
export interface Turns {
  readonly longestMs: number;
  readonly p99Ms: number;
  /** The longest turn in time of the processor, in which nobody else has a part. */
  readonly longestComputedMs: number;
  readonly p99ComputedMs: number;
}

/**
 * A gateway as a process of its own, so that its memory and its event loop are those of the gateway alone:
 * `gateway-process.ts SETTINGS URL…`, with settings as JSON by their paths. Answers `peak` with the most memory that it ever held, bytes, `turns` with {@link Turns}, and
 * `processor` with the processor time that it took so far, µs.
 * Ends with its parent.
 */
const [settings = '{}', ...urls] = process.argv.slice(2);
const gateway = await startTestGateway(urls, {
  refresh_interval: '1h',
  ...(JSON.parse(settings) as Record<string, unknown>),
});
const NANOSECONDS = 1e6;
const MICROSECONDS = 1e3;
const delays = monitorEventLoopDelay({ resolution: 1 });
delays.enable();
const computed = createHistogram();
let computedBefore = computedSoFar();
setInterval(() => {
  const now = computedSoFar();
  computed.record(Math.max(1, now - computedBefore));
  computedBefore = now;
}, 1).unref();
process.on('message', (message) => {
  if (message === 'peak') process.send!(process.resourceUsage().maxRSS * 1024);
  else if (message === 'processor') {
    const { user, system } = process.cpuUsage();
    process.send!(user + system);
  } else {
    const turns: Turns = {
      longestMs: delays.max / NANOSECONDS,
      p99Ms: delays.percentile(99) / NANOSECONDS,
      longestComputedMs: computed.max / MICROSECONDS,
      p99ComputedMs: computed.percentile(99) / MICROSECONDS,
    };
    process.send!(turns);
    delays.reset();
    computed.reset();
  }
});

/** By this thread, µs. */
function computedSoFar(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}
process.once('disconnect', () => void gateway.close(0));
process.send!({ url: gateway.url, grpcAddress: gateway.grpcAddress });
