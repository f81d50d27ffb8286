import { Pool } from 'undici';
import { assertTrue, pointsOf, type Answer, type AnswerPoints } from './answer.ts';
import { judge, type Expectation, type Shot, type Verdict } from './judge.ts';
import type { LoadQuery } from './queries.ts';

export const CLIENTS = 8;
/** A client gives up after this time: longer than the gateway waits for an endpoint by default. */
const PATIENCE_MS = 40_000;
/** A client waits so long between two queries, so that the machine is not what is measured. */
const PAUSE_MS = 50;

/** A query and its answer by the system without faults. */
export interface Known {
  readonly query: LoadQuery;
  readonly right: AnswerPoints;
}

/** One query of the load, and what became of it. */
export interface Asked {
  readonly client: number;
  /** Since the load began, ms. */
  readonly at: number;
  readonly ms: number;
  readonly verdict: Verdict;
}

/** Asks each query once, of a system without faults. Throws where an answer is not what the targets said. */
export async function knownAnswers(url: string, queries: readonly LoadQuery[]): Promise<readonly Known[]> {
  const pool = new Pool(url);
  try {
    const known: Known[] = [];
    for (const query of queries) {
      const { status, answer } = await ask(pool, query, true);
      if (status !== 200 || answer.warnings !== undefined)
        throw new Error(
          `without a fault, ${query.parameters.toString()} is answered ${JSON.stringify(answer)}`,
        );
      const right = pointsOf(answer);
      assertTrue(query, right);
      known.push({ query, right });
    }
    return known;
  } finally {
    await pool.destroy();
  }
}

/** The load of {@link CLIENTS} clients, which ask until it is ended, strict queries and others. */
export class Load {
  readonly #began = performance.now();
  readonly #asked: Asked[] = [];
  readonly #pool: Pool;
  readonly #known: readonly Known[];
  readonly #clients: readonly Promise<void>[];
  #expectation: Expectation = { kind: 'whole' };
  #isOver = false;

  constructor(url: string, known: readonly Known[]) {
    this.#known = known;
    this.#pool = new Pool(url, { connections: CLIENTS });
    this.#clients = Array.from({ length: CLIENTS }, (_, client) => this.#run(client));
  }

  /** Since it began, ms. */
  now(): number {
    return performance.now() - this.#began;
  }

  /** What answers have to be like that come from now on. */
  expect(expectation: Expectation): void {
    this.#expectation = expectation;
  }

  /** Lets the clients finish what they asked; resolves to all that was asked, in the order of the answers. */
  async end(): Promise<readonly Asked[]> {
    this.#isOver = true;
    await Promise.all(this.#clients);
    await this.#pool.destroy();
    return this.#asked;
  }

  async #run(client: number): Promise<void> {
    // Each begins with another query, and asks each of them strictly and not.
    for (let i = client * 3; !this.#isOver; i++) {
      const { query, right } = this.#known[i % this.#known.length]!;
      const isStrict = Math.floor(i / this.#known.length) % 2 === client % 2;
      const at = this.now();
      const shot = await ask(this.#pool, query, isStrict);
      const ms = this.now() - at;
      this.#asked.push({ client, at, ms, verdict: judge(this.#expectation, right, shot) });
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

async function ask(pool: Pool, { path, parameters }: LoadQuery, isStrict: boolean): Promise<Shot> {
  const sent = new URLSearchParams(parameters);
  sent.set('partial_response', String(!isStrict));
  try {
    const { statusCode, body } = await pool.request({
      method: 'GET',
      path: `${path}?${sent.toString()}`,
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return { status: statusCode, isStrict, answer: (await body.json()) as Answer };
  } catch (thrown) {
    return { status: 0, isStrict, answer: { status: 'error', error: String(thrown) } };
  }
}
