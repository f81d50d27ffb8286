import { Pool } from 'undici';
import type { Load } from '../rows.ts';
import { stagesFrom, type Stages } from './stages.ts';

/** What one shot at a server took. */
export interface Shot {
  /** Until the answer was read; of a stream, the time of all divided by the requests. */
  readonly ms: number;
  readonly requests: number;
  /** The longest that `/-/healthy` took meanwhile; 0 where it is not asked. */
  readonly healthyMs: number;
  /** Of one of the answers. */
  readonly stages: Stages;
}

const HEALTH_EVERY_MS = 10;
const LONGEST_MS = 120_000;

/** A client of one server. It keeps its connections. */
export class Shooter {
  readonly #pool: Pool;
  readonly #health: Pool;

  constructor(url: string) {
    const options = { headersTimeout: LONGEST_MS, bodyTimeout: LONGEST_MS };
    this.#pool = new Pool(url, options);
    this.#health = new Pool(url, options);
  }

  /** The whole answer; anything but 200 is an error. */
  async get(path: string): Promise<{ readonly body: Buffer; readonly stages: Stages }> {
    const { statusCode, headers, body } = await this.#pool.request({ method: 'GET', path });
    const parts: Buffer[] = [];
    for await (const part of body) parts.push(part as Buffer);
    const whole = Buffer.concat(parts);
    if (statusCode !== 200) throw new Error(`${path}: ${statusCode} ${whole.toString().slice(0, 500)}`);
    const timing = headers['server-timing'];
    return { body: whole, stages: stagesFrom(Array.isArray(timing) ? timing.join(',') : timing) };
  }

  async shoot(path: string, load: Load): Promise<Shot> {
    const started = performance.now();
    switch (load.kind) {
      case 'one': {
        const { stages } = await this.get(path);
        return { ms: performance.now() - started, requests: 1, healthyMs: 0, stages };
      }
      case 'burst': {
        const over = new AbortController();
        const health = this.#watchHealth(over.signal);
        const answers = await Promise.all(Array.from({ length: load.clients }, () => this.get(path)));
        const ms = performance.now() - started;
        over.abort();
        return { ms, requests: load.clients, healthyMs: await health, stages: answers[0]!.stages };
      }
      case 'stream': {
        let requests = 0;
        let stages: Stages = {};
        const client = async (): Promise<void> => {
          while (performance.now() - started < load.durationMs) {
            ({ stages } = await this.get(path));
            requests++;
          }
        };
        await Promise.all(Array.from({ length: load.clients }, client));
        return { ms: (performance.now() - started) / requests, requests, healthyMs: 0, stages };
      }
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#pool.close(), this.#health.close()]);
  }

  /** Asks `/-/healthy` again and again until the signal; resolves to the longest time. */
  async #watchHealth(over: AbortSignal): Promise<number> {
    let longest = 0;
    while (!over.aborted) {
      const started = performance.now();
      const { body } = await this.#health.request({ method: 'GET', path: '/-/healthy' });
      await body.dump();
      longest = Math.max(longest, performance.now() - started);
      await new Promise((resolve) => setTimeout(resolve, HEALTH_EVERY_MS));
    }
    return longest;
  }
}
