import { formatLabelName } from '../../model/format-labels.ts';
import type { Matcher } from '../../model/matcher.ts';
import { METRIC_NAME } from '../../model/labels.ts';
import { bug } from '../../model/errors.ts';
import { foldTree } from '../../promql/fold-tree.ts';
import { formatPlain } from '../../promql/print/format-number.ts';
import { printAggregateHead } from '../../promql/print/print-matching.ts';
import { printMatcher, printText } from '../../promql/print/print-selector.ts';
import { planChildren, type AggregateNode, type PlanNode } from '../plan-node.ts';

/** No series fulfils the opposite: each has a name. Servers want one matcher that does not match the empty value. */
const ANY_NAME = `${formatLabelName(METRIC_NAME)}!=""`;

/**
 * The query for a part of an aggregation, as each Prometheus since 3.0 reads it; times and ranges are whole ms.
 * @param matchers in the place of those of the selector.
 * @param kept labels that the groups keep in any case, so that an answer shows whether series have them.
 */
export function partialText(
  node: AggregateNode,
  matchers: readonly Matcher[],
  kept: ReadonlySet<string> = new Set(),
): string {
  const { op, without, grouping } = node;
  const names = without ? grouping.filter((name) => !kept.has(name)) : [...new Set([...grouping, ...kept])];
  const at = { op, without, grouping: names };
  return `${printAggregateHead(at)}(${expressionText(node.child, selectorOf(matchers))})`;
}

/** A selector, as {@link partialText} writes it. */
export function selectorOf(matchers: readonly Matcher[]): string {
  return `{${[...matchers.map(printMatcher), ANY_NAME].join(',')}}`;
}

function expressionText(root: PlanNode, selector: string): string {
  return foldTree<PlanNode, string>(root, planChildren, (node, parts) => {
    switch (node.kind) {
      case 'number':
        return formatPlain(node.value);
      case 'string':
        return printText(node.value);
      case 'vectorSelect':
        return `${selector}${offsetText(node.shift.offset)}`;
      case 'matrixSelect':
        return `${selector}[${node.range}ms]${offsetText(node.selector.shift.offset)}`;
      case 'unary':
        return `(${node.op}${parts[0]})`;
      case 'binary':
        return `(${parts[0]} ${node.op}${node.returnBool ? ' bool' : ''} ${parts[1]})`;
      case 'call':
        return `${node.func}(${parts.join(', ')})`;
      default:
        return bug(`a part of an aggregation has a node of kind ${node.kind}`);
    }
  });
}

function offsetText(ms: number): string {
  return ms === 0 ? '' : ` offset ${ms}ms`;
}
