import { request } from 'node:http';
import { nextMessage, type Health, type Waits } from './support.ts';

/**
 * Asks `/-/healthy` 20 times a second, each time on a connection of its own, as a load balancer does, until it is told to stop:
 * `prober-process.ts {url, adminUrl, idleUrl}`. Between two probes it asks the same at the admin address, and of a server that does nothing
 * else, since both may wait for the machine, and it watches for how long it is late itself. Nothing else keeps this process busy.
 */
const { url, adminUrl, idleUrl } = JSON.parse(process.argv[2]!) as {
  readonly url: string;
  readonly adminUrl: string;
  readonly idleUrl: string;
};
const INTERVAL_MS = 50;
const BEAT_MS = 5;
const FROZEN_MS = 30_000;

interface Target {
  readonly url: string;
  readonly waits: number[];
  failed: number;
}

const gateway: Target = { url, waits: [], failed: 0 };
const admin: Target = { url: adminUrl, waits: [], failed: 0 };
const idle: Target = { url: idleUrl, waits: [], failed: 0 };
const open = new Set<Promise<void>>();
let latest = 0;

const timers: NodeJS.Timeout[] = [];
const later = [gateway, admin, idle].map((target, i, { length }) =>
  setTimeout(() => timers.push(setInterval(() => probe(target), INTERVAL_MS)), (i * INTERVAL_MS) / length),
);
let beat = performance.now();
timers.push(
  setInterval(() => {
    const now = performance.now();
    latest = Math.max(latest, now - beat - BEAT_MS);
    beat = now;
  }, BEAT_MS),
);

process.once('disconnect', () => process.exit());
process.send!({ url });
await nextMessage();
for (const timer of later) clearTimeout(timer);
for (const timer of timers) clearInterval(timer);
await Promise.all(open);
const health: Health = {
  ...waitsOf(gateway),
  admin: waitsOf(admin),
  idle: waitsOf(idle),
  proberLate: latest,
};
process.send!(health);

function probe(target: Target): void {
  const asked = ask(target);
  open.add(asked);
  void asked.finally(() => open.delete(asked));
}

function ask(target: Target): Promise<void> {
  const started = performance.now();
  return new Promise((resolve) => {
    const fail = (): void => {
      target.failed++;
      resolve();
    };
    request(`${target.url}/-/healthy`, { agent: false, timeout: FROZEN_MS }, (response) => {
      response.resume().once('end', () => {
        target.waits.push(performance.now() - started);
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

function waitsOf({ waits, failed }: Target): Waits {
  waits.sort((a, b) => a - b);
  return {
    asked: waits.length + failed,
    failed,
    p99: waits[Math.floor(waits.length * 0.99)] ?? Number.NaN,
    worst: waits.at(-1) ?? Number.NaN,
  };
}
