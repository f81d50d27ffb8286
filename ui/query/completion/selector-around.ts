import type { Text } from '@codemirror/state';
import type { SyntaxNode, Tree } from '@lezer/common';

const MATCHERS: ReadonlySet<string> = new Set([
  'UnquotedLabelMatcher',
  'QuotedLabelMatcher',
  'QuotedLabelName',
]);

/**
 * The selector that a label or value at a place of a query is of, without the matcher that is being written, nor any that is not
 * written to its end: `up{job="x"}` for `up{job="x", instance="…"}`. For a grouping it is the first selector of what is aggregated.
 * Undefined where nothing is selected yet.
 */
export function selectorAround(tree: Tree, text: Text, position: number): string | undefined {
  const at = tree.resolveInner(position, -1);
  const selector = ancestor(at, 'VectorSelector');
  if (selector !== undefined) return selectorText(selector, text, position);
  const grouped = ancestor(at, 'GroupingLabels') && ancestor(at, 'AggregateExpr');
  const first = grouped === undefined ? undefined : firstSelector(grouped);
  return first === undefined ? undefined : selectorText(first, text, position);
}

/** Whether a value is matched as a pattern there. */
export function isInPattern(tree: Tree, position: number): boolean {
  const operator = tree.resolveInner(position, -1).parent?.getChild('MatchOp')?.firstChild?.name;
  return operator === 'EqlRegex' || operator === 'NeqRegex';
}

function selectorText(selector: SyntaxNode, text: Text, position: number): string | undefined {
  const metric = selector.getChild('Identifier');
  const name = metric === null ? '' : text.sliceString(metric.from, metric.to);
  const matchers: string[] = [];
  for (let each = selector.getChild('LabelMatchers')?.firstChild; each; each = each.nextSibling) {
    const isHere = each.from <= position && position <= each.to;
    if (MATCHERS.has(each.name) && !isHere && isWhole(each))
      matchers.push(text.sliceString(each.from, each.to));
  }
  if (matchers.length === 0) return name === '' ? undefined : name;
  return `${name}{${matchers.join(',')}}`;
}

function ancestor(node: SyntaxNode, name: string): SyntaxNode | undefined {
  for (let each: SyntaxNode | null = node; each !== null; each = each.parent)
    if (each.name === name) return each;
  return undefined;
}

function firstSelector(node: SyntaxNode): SyntaxNode | undefined {
  if (node.name === 'VectorSelector') return node;
  for (let each = node.firstChild; each !== null; each = each.nextSibling) {
    const found = firstSelector(each);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isWhole(node: SyntaxNode): boolean {
  if (node.type.isError) return false;
  for (let each = node.firstChild; each !== null; each = each.nextSibling) if (!isWhole(each)) return false;
  return true;
}
