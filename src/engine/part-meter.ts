import type { Clock } from '../model/clock.ts';
import { planChildren, type PlanNode } from '../plan/plan-node.ts';
import type { SampleBudget } from './sample-budget.ts';
import { SampleCounts } from './sample-counts.ts';

/** Parts that are measured by themselves. Nobody reads more, and what the others cost counts for the part around them. */
export const MOST_PARTS = 1000;

/** What a part of a query costs while it is evaluated. */
export class PartCost {
  readonly node: PlanNode;
  /** How far it is below the root, which has 0. */
  readonly level: number;
  readonly around: PartCost | undefined;
  /** By the children of the node, as far as they are measured. */
  readonly below: PartCost[] = [];
  /** In which its rows were made, with what they were made of. */
  ms = 0;
  /** That it read itself, summed over its steps. */
  samples = 0;
  /** The most that the query held while this part was evaluated, and none below it. */
  peakSamples = 0;

  constructor(node: PlanNode, around: PartCost | undefined) {
    this.node = node;
    this.around = around;
    this.level = around === undefined ? 0 : around.level + 1;
    around?.below.push(this);
  }
}

/** Measures the parts of one query. */
export class PartMeter {
  /** Each before those below it. */
  readonly parts: readonly PartCost[];
  readonly notMeasured: number;
  readonly #budget: SampleBudget;
  readonly #clock: Clock;

  constructor(root: PlanNode, budget: SampleBudget, clock: Clock) {
    this.#budget = budget;
    this.#clock = clock;
    const parts: PartCost[] = [];
    const open: { readonly node: PlanNode; readonly around: PartCost | undefined }[] = [
      { node: root, around: undefined },
    ];
    let count = 0;
    for (let next = open.pop(); next !== undefined; next = open.pop(), count++) {
      const part = count < MOST_PARTS ? new PartCost(next.node, next.around) : undefined;
      if (part !== undefined) parts.push(part);
      for (const child of planChildren(next.node).toReversed()) open.push({ node: child, around: part });
    }
    this.parts = parts;
    this.notMeasured = count - parts.length;
  }

  /** The part that a node is from which operators are built. */
  partOf(node: PlanNode): PartCost | undefined {
    return this.parts.find((part) => part.node === node);
  }

  /** A part is asked for something. Returns when, ms of the monotonic clock. */
  begin({ around }: PartCost): number {
    this.#notePeak(around);
    return this.#clock.monotonic();
  }

  /** It has what it was asked for. */
  end(part: PartCost, began: number): void {
    part.ms += this.#clock.monotonic() - began;
    this.#notePeak(part);
  }

  #notePeak(part: PartCost | undefined): void {
    const most = this.#budget.lap();
    if (part !== undefined && most > part.peakSamples) part.peakSamples = most;
  }
}

/** Counts for a part, too, what it reads. */
export class PartCounts extends SampleCounts {
  override readonly perStep: Float64Array;
  readonly #part: PartCost;

  constructor(around: SampleCounts, part: PartCost) {
    super(0);
    this.perStep = around.perStep;
    this.#part = part;
  }

  override add(step: number, samples: number): void {
    super.add(step, samples);
    this.#part.samples += samples;
  }
}
