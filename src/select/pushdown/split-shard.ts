import { labelValue, type Labels } from '../../model/labels.ts';
import type { Matcher } from '../../model/matcher.ts';
import { quoteRegex } from '../../promql/match/quote-regex.ts';

/** A shard in two parts, told apart by a label that each series of a target has. */
export interface SplitShard {
  /** Of series that have to be read of all replicas. */
  readonly read: Matcher;
  /** Of all others. */
  readonly computed: Matcher;
}

const NAME = 'instance';

/**
 * Tells the series of some targets of a shard from those of all others: each has the instance of its target, and those of other targets of
 * that instance are read as well. Undefined where a target has none.
 * @param targets their labels, a few hundred at most.
 */
export function splitShard(targets: readonly Labels[]): SplitShard | undefined {
  const instances = new Set(targets.map((labels) => labelValue(labels, NAME)));
  if (instances.has('')) return undefined;
  const value = [...instances].map(quoteRegex).join('|');
  return { read: { kind: '=~', name: NAME, value }, computed: { kind: '!~', name: NAME, value } };
}
