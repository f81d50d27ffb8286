import { formatShortest } from '../../model/format-float.ts';
import { formatLabelName } from '../../model/format-labels.ts';
import type { Aggregate, Binary, VectorMatching } from '../ast.ts';

/** An operator with everything that stands between the two sides. */
export function printOperator({ op, returnBool, matching }: Binary): string {
  return `${op}${returnBool ? ' bool' : ''}${matching === undefined ? '' : printMatching(matching)}`;
}

/** The word of an aggregation with its grouping, up to the parenthesis. */
export function printAggregateHead({
  op,
  without,
  grouping,
}: Pick<Aggregate, 'op' | 'without' | 'grouping'>): string {
  if (without) return `${op} without (${printNames(grouping)}) `;
  return grouping.length === 0 ? op : `${op} by (${printNames(grouping)}) `;
}

function printMatching({ cardinality, on, labels, include, fillLeft, fillRight }: VectorMatching): string {
  const isGrouped = cardinality === 'many-to-one' || cardinality === 'one-to-many';
  let text = '';
  if (labels.length > 0 || on || isGrouped) text += ` ${on ? 'on' : 'ignoring'} (${printNames(labels)})`;
  if (isGrouped)
    text += ` group_${cardinality === 'many-to-one' ? 'left' : 'right'} (${printNames(include)})`;
  // Zeros of both signs are equal and not the same; numbers that are none are printed one by one, as Prometheus does.
  const isSame = fillLeft === fillRight && Object.is(fillLeft, fillRight);
  if (fillLeft !== undefined && isSame) return `${text} fill (${formatShortest(fillLeft)})`;
  if (fillLeft !== undefined) text += ` fill_left (${formatShortest(fillLeft)})`;
  if (fillRight !== undefined) text += ` fill_right (${formatShortest(fillRight)})`;
  return text;
}

function printNames(names: readonly string[]): string {
  return names.map(formatLabelName).join(', ');
}
