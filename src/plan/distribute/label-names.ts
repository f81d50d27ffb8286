import { METRIC_NAME } from '../../model/labels.ts';
import type { CallNode, PlanNode } from '../plan-node.ts';
import { planChildren } from '../plan-node.ts';

/**
 * Whether a call makes labels of labels, so that a server may do it. When the name of a metric is dropped depends on a feature, so a call
 * that has to do with it is none.
 */
export function isLabelCall(call: CallNode): boolean {
  const names = namesOf(call);
  return names.length > 0 && !names.includes(METRIC_NAME);
}

/**
 * The labels that the label functions of an expression read and write. A server has other ones under the names of external labels than
 * its series have here.
 */
export function labelNames(root: PlanNode): ReadonlySet<string> {
  const names = new Set<string>();
  const open = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.kind === 'call') for (const name of namesOf(node)) names.add(name);
    open.push(...planChildren(node));
  }
  return names;
}

/** Empty for what is no label function. */
function namesOf({ func, args }: CallNode): readonly string[] {
  const texts = args.map((arg) => (arg.kind === 'string' ? arg.value : ''));
  switch (func) {
    case 'label_replace':
      return [texts[1]!, texts[3]!];
    case 'label_join':
      return [texts[1]!, ...texts.slice(3)];
    default:
      return [];
  }
}
