import { labelsKey, type Labels } from '../../../model/labels.ts';
import type { VectorMatching } from '../../../promql/ast.ts';
import type { EvalScope } from '../../context.ts';
import type { BinaryKernel } from '../../kernels/binary.ts';
import type { KernelNotes } from '../../kernels/range-kernel.ts';
import type { Operator, SeriesHead } from '../../operator.ts';
import { StepKind, StepRow } from '../../step-row.ts';
import { isEmpty } from '../row-contents.ts';
import { HeldOperator } from '../shape/held-operator.ts';
import { holdRows } from '../shape/held-rows.ts';
import { LastRemarks } from './last-remarks.ts';
import { MatchTracker, type MatchTest } from './match-tracker.ts';
import { OneSide, type OneSeries } from './one-side.ts';
import { matchLabels, resultLabels } from './result-labels.ts';
import { Signatures } from './signatures.ts';

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
  series: readonly SeriesHead[] = [];
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
    this.#tracker = new MatchTracker(isMatch, message);
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
    while (this.#many.next(this.#manyRow) >= 0) if (pacer.due()) await pacer.breathe();
    this.#manyDone = true;
  }

  async #makePairs(groups: Int32Array): Promise<void> {
    const { matching, dropsMetadata, dropName } = this.#parts;
    const { pacer } = this.#scope.query;
    const heads: SeriesHead[] = [];
    const labelsOf = resultLabels(matching, dropsMetadata);
    const pairsOf: Pair[][] = [];
    for (const [many, { labels }] of this.#many.series.entries()) {
      const group = groups[many]!;
      const ones: (OneSeries | undefined)[] = [...this.#one.group(group)];
      if (matching.fillRight !== undefined) ones.push(undefined);
      const keys = new Set<string>();
      const pairs = await pacer.map(ones, (one) => {
        const result = labelsOf(labels, one?.head.labels ?? matchLabels(matching, labels));
        const index = heads.push({ labels: result, dropName }) - 1;
        const key = this.#keyOf(group, result);
        keys.add(key);
        return { index, group, many, one, key };
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
      if (this.#next < this.#queue.length) {
        const pair = this.#queue[this.#next++]!;
        this.#compute(pair, row);
        return pair.index;
      }
      if (this.#manyDone) {
        this.#remarks.flush();
        if (this.#failingStep === Infinity) return -1;
        throw this.#one.duplicateError(this.#failingStep, this.#parts.matching);
      }
      const many = this.#many.next(this.#manyRow);
      this.#next = 0;
      if (many < 0) {
        this.#manyDone = true;
        this.#queue = this.#fillPairs;
        continue;
      }
      this.#queue = isEmpty(this.#manyRow) ? [] : this.#pairsOf[many]!;
      if (this.#queue.length > 0) continue;
      row.clear();
      return 0;
    }
  }

  #compute(pair: Pair, row: StepRow): void {
    const { matching, kernel } = this.#parts;
    const many = pair.many === undefined ? this.#filledMany(pair) : this.#manyRow;
    const one = pair.one === undefined ? this.#filledOne(pair) : pair.one.row;
    const [left, right] = matching.cardinality === 'one-to-many' ? [one, many] : [many, one];
    row.clear();
    kernel(left, right, row, this.#remarks);
    const stepCount = Math.min(row.length, this.#failingStep);
    if (this.#seriesPerKey.get(pair.key)! > 1) this.#tracker.add(pair.key, left, right, row, stepCount);
    if (matching.fillLeft !== undefined && pair.many !== undefined) this.#mark(pair, left, right, row);
    row.kind.fill(StepKind.absent, stepCount);
  }

  #mark({ group }: Pair, left: StepRow, right: StepRow, out: StepRow): void {
    const matched = this.#matched.get(group) ?? new Uint8Array(out.length);
    this.#matched.set(group, matched);
    for (let step = 0; step < out.length; step++) {
      if (this.#parts.isMatch(left, right, out, step)) matched[step] = 1;
    }
  }

  /** The fill value at the steps at which the one side has nothing for the group. */
  #filledOne({ group }: Pair): StepRow {
    const { fillRight } = this.#parts.matching;
    const row = this.#fillRow;
    row.clear();
    const ones = this.#one.group(group);
    for (let step = 0; step < row.length; step++) {
      if (ones.every((one) => one.row.kind[step] === StepKind.absent)) row.setFloat(step, fillRight!);
    }
    return row;
  }

  /** The fill value at the steps at which nothing of the many side matched the group. */
  #filledMany({ group }: Pair): StepRow {
    const { fillLeft } = this.#parts.matching;
    const row = this.#fillRow;
    row.clear();
    const matched = this.#matched.get(group);
    for (let step = 0; step < row.length; step++) {
      if (matched?.[step] !== 1) row.setFloat(step, fillLeft!);
    }
    return row;
  }
}
