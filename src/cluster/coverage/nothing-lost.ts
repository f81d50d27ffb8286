import { ownPacer, type Pace } from '../../model/pacer.ts';
import type { TimeRange } from '../../model/time-range.ts';
import type { Endpoint } from '../topology.ts';
import type { Comparison, CoverageQuestion } from './compare-replicas.ts';
import type { GivenUp } from './given-up.ts';

/** Ranges are widened to multiples of this, ms, so that the queries of a dashboard ask the same. */
const GRID_MS = 3_600_000;
/** So many answers are remembered. */
const MOST_REMEMBERED = 256;

/** What of the index answers. */
interface Comparing {
  compare(
    endpoints: readonly Endpoint[],
    question: () => CoverageQuestion,
    pace: Pace,
  ): Promise<{ readonly kind: 'compared'; readonly comparison: Comparison } | { readonly kind: 'unknown' }>;
  givenUp(endpoints: readonly Endpoint[], isWanted: undefined, pace: Pace): Promise<GivenUp | undefined>;
  standing(endpoint: Endpoint, most: number): { readonly until: number };
}

/**
 * Remembers where nothing is lost with an endpoint, of all of its targets. What is whole in a wide range is whole in each part of it and
 * for some of its targets. While a replica is down, every query asks this, and comparing thousands of targets takes a while.
 */
export class NothingLost {
  readonly #index: Comparing;
  /** By endpoints, range, and until when they are known; in the order of their last use. */
  readonly #answers = new Map<string, Promise<boolean | undefined>>();

  constructor(index: Comparing) {
    this.#index = index;
  }

  /**
   * Whether others have all that an endpoint has, and it has something; false also where that is not known.
   * @param missed as a question has it.
   */
  async in(
    lost: Endpoint,
    siblings: readonly Endpoint[],
    { minTime, maxTime }: TimeRange,
    missed: number,
  ): Promise<boolean> {
    const endpoints = [lost, ...siblings];
    const from = Math.floor(minTime / GRID_MS) * GRID_MS;
    const to = Math.ceil(maxTime / GRID_MS) * GRID_MS;
    return this.#remembered([from, to, missed], endpoints, () =>
      this.#isNothingLost(endpoints, { from, to, missed }),
    );
  }

  /** Whether others went on with all that an endpoint scraped when it was read last; false also where that is not known. */
  async since(lost: Endpoint, siblings: readonly Endpoint[]): Promise<boolean> {
    const endpoints = [lost, ...siblings];
    return this.#remembered([], endpoints, async () => {
      const found = await this.#index.givenUp(endpoints, undefined, ownPacer());
      return found && found.targets === 0;
    });
  }

  /** @param ask undefined where it is not known, which changes when it is read. */
  async #remembered(
    question: readonly number[],
    endpoints: readonly Endpoint[],
    ask: () => Promise<boolean | undefined>,
  ): Promise<boolean> {
    const known = endpoints.map((endpoint) => [endpoint.id, this.#index.standing(endpoint, 0).until]);
    const key = JSON.stringify([question, ...known]);
    const answer = this.#answers.get(key) ?? ask();
    this.#answers.delete(key);
    this.#answers.set(key, answer);
    if (this.#answers.size > MOST_REMEMBERED) this.#answers.delete(this.#answers.keys().next().value!);
    const isKnown = await answer;
    if (isKnown === undefined && this.#answers.get(key) === answer) this.#answers.delete(key);
    return isKnown === true;
  }

  async #isNothingLost(
    endpoints: readonly Endpoint[],
    question: CoverageQuestion,
  ): Promise<boolean | undefined> {
    const answer = await this.#index.compare(endpoints, () => question, ownPacer());
    if (answer.kind === 'unknown') return undefined;
    if (answer.comparison.unproven > 0) return false;
    const { scraped, alone } = answer.comparison.replicas[0]!;
    return scraped > 0 && alone.isEmpty;
  }
}
