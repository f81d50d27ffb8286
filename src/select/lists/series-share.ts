import type { Labels } from '../../model/labels.ts';
import type { Pacer } from '../../model/pacer.ts';
import { withRoom } from '../../wire/batch/growing.ts';
import type { LabelSets } from '../../wire/batch/label-sets.ts';
import type { LabelTable } from '../../wire/batch/label-table.ts';
import { OpenSeries } from '../../wire/batch/lists/open-series.ts';
import type { SeriesTaker } from '../../wire/batch/lists/series-taker.ts';
import { mergedLabels } from '../reading/label-merger.ts';
import { SeriesCheck } from '../reading/series-check.ts';
import type { Route } from '../routing/route.ts';

const Fate = { unknown: 0, kept: 1, perhapsMerged: 2 } as const;

/**
 * What one endpoint has of a union: its series go there as they come, without what is merged, and a bit for each says that this endpoint
 * has it. So nothing is held of an answer beside the union, and an endpoint that fails half-way can be left out.
 */
export class SeriesShare implements SeriesTaker {
  /** The union looks after that itself. */
  readonly bytes = 0;
  readonly #sets: LabelSets;
  readonly #check: SeriesCheck | undefined;
  readonly #mergedHere: ReadonlySet<string>;
  readonly #isMergedAway: (name: string, value: string) => boolean;
  readonly #onGrowth: (bytes: number) => void;
  /** By number of a label's name. */
  #fates = new Uint8Array(0);
  /** By number of a set, eight a byte. */
  #has = new Uint8Array(0);
  #received = 0;
  #isClosed = false;

  /**
   * @param sets those of the union.
   * @param mergedHere names of the labels that are merged.
   * @param onGrowth is called after each series, with the bytes by which this has grown beside the sets and their table.
   */
  constructor(
    sets: LabelSets,
    { endpoint, wanted }: Route,
    mergedHere: ReadonlySet<string>,
    onGrowth: (bytes: number) => void,
  ) {
    this.#sets = sets;
    this.#check = wanted.length === 0 ? undefined : new SeriesCheck(sets.table, wanted);
    this.#mergedHere = mergedHere;
    this.#isMergedAway = mergedLabels(endpoint, mergedHere);
    this.#onGrowth = onGrowth;
  }

  get table(): LabelTable {
    return this.#sets.table;
  }

  /** How many series the endpoint sent. */
  get received(): number {
    return this.#received;
  }

  take(ids: Int32Array, length: number): void {
    if (this.#isClosed) return;
    this.#received++;
    if (this.#check?.accepts(ids, 0, length) === false) return this.grew();
    for (let at = 0; at < length; at++) if (!this.#isMerged(ids[at]!)) this.#sets.push(ids[at]!);
    const number = this.#sets.end();
    const before = this.#has.length;
    this.#has = withRoom(this.#has, (number >>> 3) + 1);
    this.#has[number >>> 3]! |= 1 << (number & 7);
    this.#onGrowth(this.#has.length - before);
  }

  grew(): void {
    this.#onGrowth(0);
  }

  /** Takes series that are there as objects. Throws what the pacer throws. */
  async addAll(series: Iterable<Labels>, pacer: Pacer): Promise<void> {
    const open = new OpenSeries(this);
    await pacer.forEach(series, (labels) => open.add(labels));
  }

  has(number: number): boolean {
    return (this.#has[number >>> 3]! & (1 << (number & 7))) !== 0;
  }

  /** To be called when the call of the endpoint is over. What comes late is passed over. */
  close(): void {
    this.#isClosed = true;
  }

  #isMerged(id: number): boolean {
    const { table } = this.#sets;
    const name = table.nameNumber(id);
    const fate = this.#fates[name] || this.#decide(name, table.name(id));
    // Most labels have other names, and need no text of their value.
    return fate === Fate.perhapsMerged && this.#isMergedAway(table.name(id), table.value(id));
  }

  #decide(name: number, text: string): number {
    this.#fates = withRoom(this.#fates, name + 1);
    const fate = this.#mergedHere.has(text) ? Fate.perhapsMerged : Fate.kept;
    this.#fates[name] = fate;
    return fate;
  }
}
