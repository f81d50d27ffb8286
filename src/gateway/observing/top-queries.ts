import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { QueryFamily } from '../../model/query-family.ts';
import {
  CostTable,
  MOST_NAMES,
  type NamedCost,
  type QueryCost,
  type TopOrder,
  type TotalCost,
} from './cost-table.ts';

/** All queries with the same text together. */
export interface TopQuery extends TotalCost {
  readonly family: QueryFamily;
  /** In the canonical form, cut where it is long. */
  readonly text: string;
}

/** What callers are told apart by. */
export const CALLER_KINDS = ['client', 'dashboard'] as const;
export type CallerKind = (typeof CALLER_KINDS)[number];

/** What asked a query. What is empty is not known. */
export type Asker = Readonly<Record<CallerKind, string>>;

/** Most characters that are kept of a text. With this and {@link MOST_NAMES} all of it takes 4 MB at most, forms as they came included. */
const LONGEST_TEXT = 1000;

/** Counts what queries cost, by their text, their client, and their dashboard. */
export class TopQueries {
  readonly #texts = new CostTable();
  readonly #callers: Readonly<Record<CallerKind, CostTable>> = {
    client: new CostTable(),
    dashboard: new CostTable(),
  };
  /** Texts as they came, so that one that comes again need not be brought into its form again. */
  readonly #known = new LRUCache<string, string>({ max: MOST_NAMES });

  /** @param canonical brings the text into its form; called where it is not known. */
  add(family: QueryFamily, text: string, canonical: () => string, asker: Asker, cost: QueryCost): void {
    this.#texts.add(this.#keyOf(family, text, canonical), cost);
    for (const kind of CALLER_KINDS) this.#callers[kind].add(asker[kind], cost);
  }

  /** Those that cost most. */
  list(order: TopOrder, most: number): readonly TopQuery[] {
    return this.#texts.list(order, most).map(({ name, ...cost }) => {
      const end = name.indexOf(' ');
      return { family: name.slice(0, end) as QueryFamily, text: name.slice(end + 1), ...cost };
    });
  }

  /** The callers whose queries cost most. The name is empty for those of which it is not known. */
  callers(kind: CallerKind, order: TopOrder, most: number): readonly NamedCost[] {
    return this.#callers[kind].list(order, most);
  }

  #keyOf(family: QueryFamily, text: string, canonical: () => string): string {
    if (text.length > LONGEST_TEXT) return `${family} ${cut(text)}`;
    const name = `${family} ${text}`;
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const key = `${family} ${cut(canonical())}`;
    this.#known.set(name, key);
    return key;
  }
}

/** Long texts that begin alike are told apart by a hash of the whole. */
function cut(text: string): string {
  if (text.length <= LONGEST_TEXT) return text;
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 12);
  // A slice would keep the whole text in memory, and a copy does not.
  const head = Buffer.from(text.slice(0, LONGEST_TEXT)).toString();
  return `${head}… (${text.length} characters, sha256 ${hash})`;
}
