import type { BinaryNode, PlanNode } from '../../plan/plan-node.ts';

export function isUnion(node: PlanNode): node is BinaryNode {
  return node.kind === 'binary' && node.op === 'or';
}

/**
 * What a chain of `or` unites, from left to right, as far as all of it matches by the same labels. It does not matter how the chain is
 * put in parentheses, and it may be as long as a query.
 */
export function unitedBy(union: BinaryNode): readonly PlanNode[] {
  const operands: PlanNode[] = [];
  const open: PlanNode[] = [union];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (isUnion(node) && matchesAs(node, union)) open.push(node.right, node.left);
    else operands.push(node);
  }
  return operands;
}

function matchesAs({ matching }: BinaryNode, union: BinaryNode): boolean {
  const [one, other] = [matching, union.matching];
  if (one === other) return true;
  if (one === undefined || other === undefined || one.on !== other.on) return false;
  return one.labels.length === other.labels.length && one.labels.every((name, i) => name === other.labels[i]);
}
