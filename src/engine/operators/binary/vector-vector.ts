import { labelsKey, type Labels } from '../../../model/labels.ts';
import type { VectorMatching } from '../../../promql/ast.ts';
import type { EvalScope } from '../../context.ts';
import type { BinaryKernel } from '../../kernels/binary.ts';
import type { KernelNotes } from '../../kernels/range-kernel.ts';
import { type Operator, type SeriesHead, eachRow, nextRow, type SeriesHeads } from '../../operator.ts';
import { StepKind, StepRow } from '../../step-row.ts';
import { isEmpty } from '../row-contents.ts';
import { HeldOperator } from '../shape/held-operator.ts';
import { holdRows } from '../shape/held-rows.ts';
import { LastRemarks } from './last-remarks.ts';
import { MatchTracker, type MatchTest } from './match-tracker.ts';
import { OneSide, type OneSeries } from './one-side.ts';
import { matchLabels, resultLabels } from './result-labels.ts';
import { Signatures } from './signatures.ts';
import type { Pace } from '../../../model/pacer.ts';
import { computeInParts, partOf } from '../../row-parts.ts';
import { samplesOfBytes } from '../../sample-budget.ts';

export interface VectorVectorParts {
  readonly left: Operator;
  readonly right: Operator;
  readonly kernel: BinaryKernel;
  readonly matching: VectorMatching;
  /** The result's labels come without metric name, type and unit. */
  readonly dropsMetadata: boolean;
  /** The result's name is to go at the end of the query. */
  readonly dropName: boolean;
  readonly isMatch: MatchTest;
  readonly notes: KernelNotes;
}

/** One series of the result: a series of the many side with one of the one side; undefined is filled in. */
interface Pair {
  readonly index: number;
  readonly group: number;
  readonly many: number | undefined;
  readonly one: OneSeries | undefined;
  /** Under which a step may match only once. */
  readonly key: string;
}

/** How many samples take the memory of a pair. */
const SAMPLES_PER_PAIR = 8;

/**
 * A binary operation between the series of two vectors, one-to-one, many-to-one or one-to-many, with `fill`. The one
 * side is held in memory, the many side passes through; of one-to-one matches the right side is held.
 */
export class VectorVector implements Operator {
  series: SeriesHeads = [];
  readonly #scope: EvalScope;
  readonly #parts: VectorVectorParts;
  #many: Operator;
  readonly #tracker: MatchTracker;
  readonly #remarks: LastRemarks;
  readonly #manyRow: StepRow;
  readonly #fillRow: StepRow;
  /** Steps of each group that were matched; kept where the many side is filled in. */
  readonly #matched = new Map<number, Uint8Array>();
  #one: OneSide = new OneSide();
  #pairsOf: readonly (readonly Pair[])[] = [];
  /** How many series of the many side could match under a key; a conflict needs several of them. */
  readonly #seriesPerKey = new Map<string, number>();
  #fillPairs: Pair[] = [];
  /** What is to be computed, from `#next` on. */
  #queue: readonly Pair[] = [];
  #next = 0;
  #manyDone = false;
  /** Where the one side turns out to have two values of a group: the step at which that is an error. */
  #failingStep = Infinity;

  constructor(scope: EvalScope, parts: VectorVectorParts) {
    this.#scope = scope;
    this.#parts = parts;
    const { matching, left, right, isMatch } = parts;
    this.#many = matching.cardinality === 'one-to-many' ? right : left;
    const message =
      matching.cardinality === 'one-to-one'
        ? 'many-to-one matching must be explicit (group_left/group_right)'
        : 'grouping labels must ensure unique matches';
    this.#tracker = new MatchTracker(isMatch, message, scope.query.budget);
    this.#remarks = new LastRemarks(parts.notes);
    this.#manyRow = new StepRow(scope.grid.count);
    this.#fillRow = new StepRow(scope.grid.count);
  }

  async open(): Promise<void> {
    const { left, right, matching } = this.#parts;
    const { query, grid } = this.#scope;
    await left.open();
    await right.open();
    const one = this.#many === left ? right : left;
    const signatures = new Signatures(matching);
    const groups = await signatures.number(this.#many.series, query.pacer);
    const oneGroups = await signatures.number(one.series, query.pacer);
    this.#one = await OneSide.of(one.series, oneGroups, await holdRows(one, grid.count, query), query.pacer);
    await this.#findFailingStep();
    if (this.#failingStep === 0) throw this.#one.duplicateError(0, matching);
    this.#checkPairCount(groups);
    await this.#makePairs(groups);
    if (this.series.length === 0) await this.#readManyToTheEnd();
  }

  /**
   * Large groups make more pairs than series, and more than memory holds. Throws `execution` beyond the sample limit.
   */
  #checkPairCount(groups: Int32Array): void {
    let pairs = -groups.length;
    for (const group of groups) pairs += this.#one.group(group).length;
    this.#scope.query.budget.check(Math.max(0, pairs) * SAMPLES_PER_PAIR);
  }

  /**
   * Two values of a group on the one side are an error only at a step at which the many side has any value. Then the
   * many side is held as well, because steps before the failing one may fail in other ways, and those after it do not
   * count: Prometheus evaluates step by step.
   */
  async #findFailingStep(): Promise<void> {
    const { fillLeft, fillRight } = this.#parts.matching;
    const { query, grid } = this.#scope;
    if ((await this.#one.firstDuplicateStep(() => true, query.pacer)) < 0) return;
    const many = await HeldOperator.of(this.#many, grid.count, query);
    this.#many = many;
    const fills = fillLeft !== undefined || fillRight !== undefined;
    const hasValue = fills ? undefined : await many.stepsWithValue(query);
    const failing = await this.#one.firstDuplicateStep(
      (step) => hasValue === undefined || hasValue[step] === 1,
      query.pacer,
    );
    if (failing >= 0) this.#failingStep = failing;
  }

  /** Where nothing can match, the many side is read all the same: it may fail. */
  async #readManyToTheEnd(): Promise<void> {
    const { pacer } = this.#scope.query;
    await eachRow(this.#many, this.#manyRow, pacer, () => undefined);
    this.#manyDone = true;
  }

  async #makePairs(groups: Int32Array): Promise<void> {
    const { matching, dropsMetadata, dropName } = this.#parts;
    const { pacer } = this.#scope.query;
    const heads: SeriesHead[] = [];
    const labelsOf = resultLabels(matching, dropsMetadata);
    const pairsOf: Pair[][] = [];
    let many = 0;
    for (const { labels } of this.#many.series) {
      const at = many++;
      const group = groups[at]!;
      const ones: (OneSeries | undefined)[] = [...this.#one.group(group)];
      if (matching.fillRight !== undefined) ones.push(undefined);
      const keys = new Set<string>();
      const pairs = await pacer.map(ones, (one) => {
        const result = labelsOf(labels, one?.head.labels ?? matchLabels(matching, labels));
        const index = heads.push({ labels: result, dropName }) - 1;
        const key = this.#keyOf(group, result);
        keys.add(key);
        return { index, group, many: at, one, key };
      });
      for (const key of keys) this.#seriesPerKey.set(key, (this.#seriesPerKey.get(key) ?? 0) + 1);
      pairsOf.push(pairs);
      if (pacer.due()) await pacer.breathe();
    }
    this.#pairsOf = pairsOf;
    if (matching.fillLeft !== undefined) {
      this.#fillPairs = await pacer.map(this.#one.all, (one) => {
        const labels = labelsOf(matchLabels(matching, one.head.labels), one.head.labels);
        const index = heads.push({ labels, dropName }) - 1;
        return { index, group: one.group, many: undefined, one, key: '' };
      });
    }
    this.series = heads;
  }

  /** One-to-one matches may happen once a group, others once a group and result. */
  #keyOf(group: number, result: Labels): string {
    const isOneToOne = this.#parts.matching.cardinality === 'one-to-one';
    return isOneToOne ? String(group) : `${group} ${labelsKey(result)}`;
  }

  next(row: StepRow): number {
    for (;;) {
      const pair = this.#nextPair();
      if (pair !== undefined) {
        row.clear();
        this.#compute(pair, row, 0);
        return pair.index;
      }
      if (this.#manyDone) return this.#finish();
      if (!this.#queuePairs(this.#many.next(this.#manyRow))) return emptyRow(row);
    }
  }

  async nextPaced(row: StepRow, pace: Pace): Promise<number> {
    for (;;) {
      const pair = this.#nextPair();
      if (pair !== undefined) {
        row.clear();
        await computeInParts([], row, pace, (_inputs, out, from) => this.#compute(pair, out, from));
        return pair.index;
      }
      if (this.#manyDone) return this.#finish();
      if (!this.#queuePairs(await nextRow(this.#many, this.#manyRow, pace))) return emptyRow(row);
    }
  }

  #nextPair(): Pair | undefined {
    return this.#queue[this.#next++];
  }

  /** Queues what is to be computed of a row of the many side; returns whether that, or the end, brings more. */
  #queuePairs(many: number): boolean {
    this.#next = 0;
    this.#manyDone = many < 0;
    if (many < 0) this.#queue = this.#fillPairs;
    else this.#queue = isEmpty(this.#manyRow) ? [] : this.#pairsOf[many]!;
    return many < 0 || this.#queue.length > 0;
  }

  #finish(): number {
    this.#remarks.flush();
    if (this.#failingStep === Infinity) return -1;
    throw this.#one.duplicateError(this.#failingStep, this.#parts.matching);
  }

  #sidesOf(pair: Pair, from: number, to: number): readonly [left: StepRow, right: StepRow] {
    const many = pair.many === undefined ? this.#filledMany(pair, from, to) : partOf(this.#manyRow, from, to);
    const one = pair.one === undefined ? this.#filledOne(pair, from, to) : partOf(pair.one.row, from, to);
    return this.#parts.matching.cardinality === 'one-to-many' ? [one, many] : [many, one];
  }

  /** Computes the steps of `row`, the first of which is step `from`. */
  #compute(pair: Pair, row: StepRow, from: number): void {
    const { matching, kernel } = this.#parts;
    const [left, right] = this.#sidesOf(pair, from, from + row.length);
    const { count } = this.#scope.grid;
    kernel(left, right, row, from === 0 ? this.#remarks : this.#remarks.from(from));
    const stepCount = Math.max(0, Math.min(row.length, this.#failingStep - from));
    if (this.#seriesPerKey.get(pair.key)! > 1) {
      const matched = this.#tracker.stepsOf(pair.key, count).subarray(from, from + stepCount);
      this.#tracker.add(matched, left, right, row);
    }
    if (matching.fillLeft !== undefined && pair.many !== undefined) this.#mark(pair, left, right, row, from);
    row.kind.fill(StepKind.absent, stepCount);
  }

  #mark({ group }: Pair, left: StepRow, right: StepRow, out: StepRow, from: number): void {
    let matched = this.#matched.get(group);
    if (matched === undefined) {
      const { query, grid } = this.#scope;
      query.budget.reserve(samplesOfBytes(grid.count));
      matched = new Uint8Array(grid.count);
      this.#matched.set(group, matched);
    }
    for (let step = 0; step < out.length; step++) {
      if (this.#parts.isMatch(left, right, out, step)) matched[from + step] = 1;
    }
  }

  /** The fill value at the steps at which the one side has nothing for the group. */
  #filledOne({ group }: Pair, from: number, to: number): StepRow {
    const { fillRight } = this.#parts.matching;
    const row = partOf(this.#fillRow, from, to);
    row.clear();
    const ones = this.#one.group(group);
    for (let step = from; step < to; step++) {
      if (ones.every((one) => one.row.kind[step] === StepKind.absent)) row.setFloat(step - from, fillRight!);
    }
    return row;
  }

  /** The fill value at the steps at which nothing of the many side matched the group. */
  #filledMany({ group }: Pair, from: number, to: number): StepRow {
    const { fillLeft } = this.#parts.matching;
    const row = partOf(this.#fillRow, from, to);
    row.clear();
    const matched = this.#matched.get(group);
    for (let step = from; step < to; step++) {
      if (matched?.[step] !== 1) row.setFloat(step - from, fillLeft!);
    }
    return row;
  }
}

/** Nothing came of a row of the many side: another call is due. */
function emptyRow(row: StepRow): number {
  row.clear();
  return 0;
}
