import { LRUCache } from 'lru-cache';
import type { Budget } from '../model/budget.ts';
import { KnownSeries } from '../wire/batch/known-series.ts';
import type { SeriesBatch } from '../wire/batch/series-batch.ts';

/** One selector of one endpoint takes this share at most: where labels cost most, they are spared most. */
const SHARE_OF_ONE = 0.5;
/**
 * Of what nobody has asked for again there is this share at most, so that series that never come again displace no more of the others.
 * It has room for one of the largest.
 */
const SHARE_OF_UNPROVEN = 0.5;
/** What the selectors may take, characters, of which only the size of their answers is known. */
const MOST_SIZED = 1024 ** 2;
/** The size of an answer is estimated from so many of its series at most. */
const SERIES_WEIGHED = 1024;
/** A set of labels takes about so much beside its text and the ids of its labels, bytes. */
const BYTES_PER_SET = 24;
/** Of a label in the answer: tags and lengths. */
const BYTES_PER_LABEL = 6;
/** Columns grow by half. */
const MOST_SLACK = 1.5;
/** Longer selectors, characters, are not remembered: they would take more than what they select. */
const LONGEST_SELECTOR = 4096;
/** Answers with fewer series show nothing about what is out of date. */
const SMALL_ANSWER = 64;

interface Entry {
  readonly key: string;
  readonly known: KnownSeries;
  /** What it was counted with. */
  bytes: number;
  /** Requests that hold it. */
  users: number;
  isKept: boolean;
}

/** What was lent to one answer. */
export interface LentSeries {
  /** Undefined where the labels of this answer are not to be kept. */
  readonly known: KnownSeries | undefined;
  /** To be called when the answer is whole. */
  settle(answer: SeriesBatch): void;
}

/**
 * Label sets that endpoints sent before, by endpoint and selector, for the next answer to the same selector. The first answer shows
 * only how much its labels take: most selectors are asked once, and one whose labels do not fit would cost its memory for nothing. Bounded
 * by bytes: what was asked for again stays the longest, and what a running request holds counts until the request ends. What is
 * kept follows from bytes alone, so nothing of it is ever wrong; an answer is the same with it and without.
 */
export class SeriesMemory {
  /** Bytes. */
  readonly limit: number;
  #bytes = 0;
  #unprovenBytes = 0;
  #recognized = 0;
  #unknown = 0;
  #owners = 0;
  /** Those that were used last come last. */
  readonly #unproven = new Map<string, Entry>();
  readonly #proven = new Map<string, Entry>();
  /** What the labels of the last answer take, about, bytes; Infinity where that was tried and they did not fit. */
  readonly #sizes = new LRUCache<string, number>({
    maxSize: MOST_SIZED,
    sizeCalculation: (_, key) => key.length,
  });

  /** @param limit bytes; with 0 nothing is kept. */
  constructor(limit: number) {
    this.limit = limit;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Received series whose labels were known, and such whose labels were not. */
  get recognized(): number {
    return this.#recognized;
  }

  get unknown(): number {
    return this.#unknown;
  }

  /** What one endpoint remembers, apart from all others. */
  ofEndpoint(): EndpointMemory {
    const owner = this.#owners++;
    return {
      lend: (selector, budget) =>
        selector.length > LONGEST_SELECTOR ? undefined : this.#lend(`${owner} ${selector}`, budget),
    };
  }

  #lend(key: string, budget: Budget): LentSeries | undefined {
    if (this.limit === 0) return undefined;
    const entry = this.#proven.get(key) ?? this.#unproven.get(key) ?? this.#addSmall(key);
    if (entry === undefined) return { known: undefined, settle: (answer) => this.#measure(key, answer) };
    const map = this.#mapOf(entry);
    map.delete(key);
    map.set(key, entry);
    entry.users++;
    budget.whenReleased(() => {
      entry.users--;
      if (entry.isKept) this.#weigh(entry);
      else if (entry.users === 0) this.#bytes -= entry.bytes;
      this.#evict();
    });
    return { known: entry.known, settle: (answer) => this.#settle(entry, answer) };
  }

  /** Undefined where nothing is known of how much there is to keep, or it is too much. */
  #addSmall(key: string): Entry | undefined {
    const most = this.limit * SHARE_OF_ONE;
    if ((this.#sizes.get(key) ?? Infinity) > most) return undefined;
    const known = new KnownSeries(most);
    const entry = { key, known, bytes: 0, users: 0, isKept: true };
    this.#unproven.set(key, entry);
    return entry;
  }

  #mapOf({ key }: Entry): Map<string, Entry> {
    return this.#proven.has(key) ? this.#proven : this.#unproven;
  }

  #measure(key: string, answer: SeriesBatch): void {
    this.#unknown += answer.length;
    if (this.#sizes.get(key) !== Infinity) this.#sizes.set(key, weightOfLabels(answer) * MOST_SLACK);
  }

  #settle(entry: Entry, answer: SeriesBatch): void {
    const { recognized, unknown } = answer.recognition?.counts ?? { recognized: 0, unknown: answer.length };
    this.#recognized += recognized;
    this.#unknown += unknown;
    if (!entry.isKept) return;
    const { key, known } = entry;
    this.#weigh(entry);
    // Most of what it holds did not come, and other series did: the next answer begins anew.
    const isOutdated = unknown > 0 && known.length > 2 * Math.max(recognized + unknown, SMALL_ANSWER);
    if (isOutdated || known.isFull) {
      this.#drop(entry);
      if (!isOutdated) this.#sizes.set(key, Infinity);
    } else if (recognized > unknown && this.#unproven.delete(key)) {
      this.#unprovenBytes -= entry.bytes;
      this.#proven.set(key, entry);
    }
    this.#evict();
  }

  #weigh(entry: Entry): void {
    const grown = entry.known.bytes + 2 * entry.key.length - entry.bytes;
    entry.bytes += grown;
    this.#bytes += grown;
    if (this.#unproven.has(entry.key)) this.#unprovenBytes += grown;
  }

  #drop(entry: Entry): void {
    if (this.#unproven.delete(entry.key)) this.#unprovenBytes -= entry.bytes;
    else this.#proven.delete(entry.key);
    entry.isKept = false;
    if (entry.users === 0) this.#bytes -= entry.bytes;
  }

  #evict(): void {
    while (this.#unprovenBytes > this.limit * SHARE_OF_UNPROVEN && this.#unproven.size > 0)
      this.#dropFirst(this.#unproven);
    while (this.#bytes > this.limit && this.#proven.size + this.#unproven.size > 0)
      this.#dropFirst(this.#proven.size > 0 ? this.#proven : this.#unproven);
  }

  #dropFirst(map: Map<string, Entry>): void {
    const [first] = map.values();
    if (first !== undefined) this.#drop(first);
  }
}

/** What the labels of an answer would take as {@link KnownSeries}, about, bytes. */
function weightOfLabels(answer: SeriesBatch): number {
  const { table, labelIds, length } = answer;
  const every = Math.ceil(length / SERIES_WEIGHED);
  let [weighed, bytes] = [0, 0];
  for (let i = 0; i < length; i += every) {
    weighed++;
    bytes += BYTES_PER_SET;
    for (let at = answer.labelStart(i); at < answer.labelEnd(i); at++)
      bytes += BYTES_PER_LABEL + table.byteLength(labelIds[at]!) + labelIds.BYTES_PER_ELEMENT;
  }
  return weighed === 0 ? 0 : table.bytes + (bytes * length) / weighed;
}

export interface EndpointMemory {
  /**
   * What the endpoint answered to a selector before, undefined where nothing is to be kept of it.
   * @param budget of the request, whose end gives it back.
   */
  lend(selector: string, budget: Budget): LentSeries | undefined;
}
