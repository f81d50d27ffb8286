import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TestContext } from 'node:test';
import { freePort } from '../../../support/free-port.ts';
import { startChild, type Child } from '../../../support/load/child.ts';
import { startServe, type ServeProcess } from '../../../support/serve-process.ts';

/** What a container of the gateway would be given, bytes. Node gives its heap half of that. */
export const CEILING: number = 1024 ** 3;

const SAMPLE_MS = 100;
/** What attackers and ordinary clients are told apart by. */
export const ATTACKER = '127.0.0.1';
export const OTHER_CLIENT = '127.0.0.2';

/** The gateway and its admin address, where nobody but its operators comes. */
export interface Attacked extends ServeProcess {
  readonly adminUrl: string;
}

/** Starts the program of the source as it ships, with the heap that it would have under {@link CEILING}. It ends with the test. */
export async function startProgram(t: TestContext, flags: readonly string[]): Promise<Attacked> {
  const admin = `127.0.0.1:${await freePort()}`;
  const program = await startServe([`--web.admin-address=${admin}`, ...flags], {
    execArgv: ['--max-old-space-size=512'],
  });
  t.after(async () => program.stop('SIGKILL'));
  return { ...program, adminUrl: `http://${admin}` };
}

/** Starts a script of this folder as a process that ends with the test. */
export async function startHelper(
  t: TestContext,
  script: string,
  args: unknown,
): Promise<Child & { readonly url: string }> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = await startChild(path, [JSON.stringify(args)]);
  t.after(async () => child.stop());
  return child;
}

/** What the system says of a process; bytes. */
export interface Footprint {
  readonly rss: number;
  readonly descriptors: number;
}

export function footprintOf(pid: number): Footprint {
  return { rss: statusOf(pid, 'VmRSS'), descriptors: readdirSync(`/proc/${pid}/fd`).length };
}

function statusOf(pid: number, name: string): number {
  const line = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line![1]) * 1024;
}

/** What was seen of a gateway while it was attacked. */
export interface Seen<T> {
  readonly value: T;
  readonly rest: Footprint;
  readonly most: Footprint;
  readonly health: Health;
  readonly seconds: number;
}

/** How probes of `/-/healthy` fared, and what of it is not the gateway's; ms. */
export interface Health extends Waits {
  /** Probes of the admin address, which no client's connection stands before. */
  readonly admin: Waits;
  /** Probes of a server that does nothing else, on the same machine at the same time. */
  readonly idle: Waits;
  /** For how long the prober itself was late at most. */
  readonly proberLate: number;
}

/** How long a server took to answer; ms. */
export interface Waits {
  readonly asked: number;
  readonly failed: number;
  readonly p99: number;
  readonly worst: number;
}

/** Runs an attack while a process of its own asks for the health and this one looks at the memory. */
export async function watch<T>(
  t: TestContext,
  { pid, url, adminUrl }: Pick<Attacked, 'pid' | 'url' | 'adminUrl'>,
  attack: () => Promise<T>,
): Promise<Seen<T>> {
  const idle = await startHelper(t, './idle-process.ts', {});
  const prober = await startHelper(t, './prober-process.ts', { url, adminUrl, idleUrl: idle.url });
  const rest = footprintOf(pid);
  let most = rest;
  const look = setInterval(() => {
    const now = footprintOf(pid);
    most = {
      rss: Math.max(most.rss, now.rss),
      descriptors: Math.max(most.descriptors, now.descriptors),
    };
  }, SAMPLE_MS);
  const started = performance.now();
  try {
    const value = await attack();
    const seconds = (performance.now() - started) / 1000;
    const health = (await prober.ask('stop')) as Health;
    return {
      value,
      rest,
      most: { ...most, rss: Math.max(most.rss, statusOf(pid, 'VmHWM')) },
      health,
      seconds,
    };
  } finally {
    clearInterval(look);
  }
}

const RECOVERY_MS = 60_000;

/** Waits until the process is back where it was, as well as it gets there. Resolves to how far that is. */
export async function recovered(
  { pid, adminUrl }: Pick<Attacked, 'pid' | 'adminUrl'>,
  rest: Footprint,
  bytes: number,
): Promise<Footprint & { readonly seconds: number; readonly held: number }> {
  const started = performance.now();
  let now = footprintOf(pid);
  while (performance.now() - started < RECOVERY_MS) {
    now = footprintOf(pid);
    if (now.rss <= rest.rss + bytes && now.descriptors <= rest.descriptors + 10) break;
    await new Promise((wake) => setTimeout(wake, 500));
  }
  const text = await (await fetch(`${adminUrl}/metrics`)).text();
  const held = Number(/^promweave_request_memory_bytes (\S+)/m.exec(text)?.[1]);
  return { ...now, seconds: (performance.now() - started) / 1000, held };
}

/** Counts of what clients were told. */
export type Tally = Readonly<Record<string, number>>;

export function totalOf(tally: Tally, pattern: RegExp): number {
  return Object.entries(tally).reduce((sum, [key, count]) => sum + (pattern.test(key) ? count : 0), 0);
}

export function printTally(t: TestContext, title: string, tally: Tally): void {
  t.diagnostic(title);
  const rows = Object.entries(tally).toSorted((a, b) => b[1] - a[1]);
  for (const [key, count] of rows) t.diagnostic(`  ${String(count).padStart(6)} × ${key}`);
}

const MB = 1e6;

export function printSeen(
  t: TestContext,
  { rest, most, health, seconds }: Seen<unknown>,
  after: Awaited<ReturnType<typeof recovered>>,
): void {
  const mb = (bytes: number): string => `${Math.round(bytes / MB)} MB`;
  t.diagnostic(`took ${seconds.toFixed(0)} s`);
  t.diagnostic(`memory: ${mb(rest.rss)} at rest, ${mb(most.rss)} at most, ${mb(after.rss)} after`);
  t.diagnostic(
    `descriptors: ${rest.descriptors} at rest, ${most.descriptors} at most, ${after.descriptors} after`,
  );
  t.diagnostic(`recovered after ${after.seconds.toFixed(1)} s; requests hold ${after.held} bytes`);
  t.diagnostic(`/-/healthy: ${waitsText(health)}`);
  t.diagnostic(`the same at the admin address: ${waitsText(health.admin)}`);
  t.diagnostic(`an idle server meanwhile: ${waitsText(health.idle)}`);
  t.diagnostic(`the prober was late by ${health.proberLate.toFixed(0)} ms at most`);
}

function waitsText({ p99, worst, failed, asked }: Waits): string {
  return `p99 ${p99.toFixed(0)} ms, worst ${worst.toFixed(0)} ms, ${failed} of ${asked} failed`;
}

/** The counters of clients that were cut, by transport and reason. */
export async function cutsOf({ adminUrl }: Pick<Attacked, 'adminUrl'>): Promise<Tally> {
  const text = await (await fetch(`${adminUrl}/metrics`)).text();
  const lines = text.matchAll(/^promweave_clients_cut_total\{(?<labels>[^}]*)\} (?<count>\S+)/gm);
  return Object.fromEntries([...lines].map(({ groups }) => [groups!['labels']!, Number(groups!['count'])]));
}

/** Waits for a message of the parent in a process of this folder. */
export async function nextMessage(): Promise<unknown> {
  const [message] = (await once(process, 'message')) as readonly unknown[];
  return message;
}
