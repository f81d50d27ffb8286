import { request } from 'node:http';
import { nextMessage, type Health } from './support.ts';

/**
 * Asks `/-/healthy` 20 times a second, each time on a connection of its own, as a load balancer does, until it is told to stop:
 * `prober-process.ts {url}`. Nothing else keeps this process busy.
 */
const { url } = JSON.parse(process.argv[2]!) as { readonly url: string };
const INTERVAL_MS = 50;
const FROZEN_MS = 30_000;

const waits: number[] = [];
const open = new Set<Promise<void>>();
let failed = 0;

const timer = setInterval(() => {
  const asked = ask();
  open.add(asked);
  void asked.finally(() => open.delete(asked));
}, INTERVAL_MS);

process.once('disconnect', () => process.exit());
process.send!({ url });
await nextMessage();
clearInterval(timer);
await Promise.all(open);
waits.sort((a, b) => a - b);
const health: Health = {
  asked: waits.length + failed,
  failed,
  p99: waits[Math.floor(waits.length * 0.99)] ?? Number.NaN,
  worst: waits.at(-1) ?? Number.NaN,
};
process.send!(health);

function ask(): Promise<void> {
  const started = performance.now();
  return new Promise((resolve) => {
    const fail = (): void => {
      failed++;
      resolve();
    };
    request(`${url}/-/healthy`, { agent: false, timeout: FROZEN_MS }, (response) => {
      response.resume().once('end', () => {
        waits.push(performance.now() - started);
        resolve();
      });
      response.once('error', fail);
    })
      .once('timeout', function (this: ReturnType<typeof request>) {
        this.destroy(new Error('frozen'));
      })
      .once('error', fail)
      .end();
  });
}
