import type { DedupMode } from '../model/dedup-mode.ts';
import { appendRange, SampleBuffer, type SampleColumns } from '../model/sample-columns.ts';
import { chain } from './chain.ts';
import { Emission } from './emission.ts';
import { penaltyMode } from './penalty-mode.ts';
import { byName, sourceOf, splitByHealth } from './replica.ts';
import type { Replica, Source } from './replica.ts';
import { SegmentList } from './segments.ts';
import { WindowSelection } from './select-windows.ts';
import type { DedupTrace } from './trace.ts';

export interface DedupOptions {
  readonly mode?: DedupMode;
  /** For mode `penalty` alone: the reader is rate, irate, increase or resets, so falls at a change are evened out. */
  readonly counter?: boolean;
  /**
   * The series is `up`: 0 says that the replica missed the scrape, and stands only where no replica reached the
   * target. For mode `gap-aware`.
   */
  readonly scrapeHealth?: boolean;
  /** ms: whatever the replicas sampled until then is there, also where the series ends before. For mode `gap-aware`. */
  readonly completeUntil?: number;
}

/**
 * Makes one series of the samples that several replicas took of it and appends it to `target`, timestamps ascending.
 * Pure: the same replicas give the same samples, in whatever order they are listed. One replica with samples passes
 * through bit for bit. Floats, native histograms and stale markers; every sample of the answer is a sample of a replica
 * (mode `penalty` with `counter` excepted). Time O(samples × replicas), nothing allocated per sample.
 */
export function dedupe(
  replicas: readonly Replica[],
  target: SampleBuffer,
  options: DedupOptions = {},
  trace?: DedupTrace,
): void {
  AT_ONCE.begin(replicas, target, options, trace);
  while (AT_ONCE.step());
}

/**
 * The same of one series in steps of a few milliseconds at most, so that whoever makes it can give way between them. It is reused from series to
 * series, and keeps nothing of one that was ended. Modes `chain` and `penalty` are one step.
 */
export class Deduplication {
  readonly #plan = new SegmentList();
  readonly #selection = new WindowSelection(this.#plan);
  #target = NOWHERE;
  #options: DedupOptions = {};
  #trace: DedupTrace | undefined;
  /** The replicas whose samples and markers are still to be told apart, from the one behind the last source on. */
  #replicas: readonly Replica[] = NONE;
  #sources: Source[] = [];
  /** What follows the selection of windows; undefined where there is none, and before it began. */
  #emission: Emission | undefined;
  #isSelecting = false;

  begin(
    replicas: readonly Replica[],
    target: SampleBuffer,
    options: DedupOptions = {},
    trace?: DedupTrace,
  ): void {
    this.#forget();
    const present = byName(replicas);
    if (present.length === 0) return;
    if (present.length === 1) {
      const { columns } = present[0]!;
      appendRange(target, columns, 0, columns.length);
      return;
    }
    switch (options.mode ?? 'gap-aware') {
      case 'gap-aware':
        this.#target = target;
        this.#options = options;
        this.#trace = trace;
        this.#replicas = present;
        return;
      case 'chain':
        chain(columnsOf(present), target);
        return;
      case 'penalty':
        penaltyMode(columnsOf(present), options.counter ?? false, target);
    }
  }

  /** Goes on; false once the series is made. */
  step(): boolean {
    if (this.#emission === undefined) return this.#addSource();
    if (this.#isSelecting) this.#isSelecting = this.#selection.step();
    else if (!this.#emission.step()) this.#forget();
    return this.#emission !== undefined;
  }

  #addSource(): boolean {
    const replicas = this.#replicas;
    const whole = this.#sources;
    if (replicas.length === 0) return false;
    whole.push(sourceOf(replicas[whole.length]!, whole.length));
    if (whole.length < replicas.length) return true;
    const { scrapeHealth, completeUntil } = this.#options;
    const sources = scrapeHealth === true ? splitByHealth(whole) : whole;
    this.#selection.begin(sources, this.#trace);
    this.#isSelecting = true;
    this.#emission = new Emission(this.#target, this.#plan, sources, whole, completeUntil);
    return true;
  }

  #forget(): void {
    this.#target = NOWHERE;
    this.#trace = undefined;
    this.#replicas = NONE;
    this.#sources = [];
    this.#emission = undefined;
    this.#isSelecting = false;
  }
}

const NOWHERE = new SampleBuffer(0);
const NONE: readonly Replica[] = [];

/** Reused from call to call: a call keeps nothing in it. */
const AT_ONCE = new Deduplication();

function columnsOf(replicas: readonly Replica[]): readonly SampleColumns[] {
  return replicas.map(({ columns }) => columns);
}
