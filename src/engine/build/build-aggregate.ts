import { bug } from '../../model/errors.ts';
import type { AggregateNode } from '../../plan/plan-node.ts';
import type { EvalScope } from '../context.ts';
import { ACCUMULATORS } from '../kernels/aggregate/accumulators.ts';
import type { Operator } from '../operator.ts';
import { CountValues } from '../operators/aggregate/count-values.ts';
import { GroupAggregate } from '../operators/aggregate/group-aggregate.ts';
import type { Grouping } from '../operators/aggregate/grouping.ts';
import { LimitRatio } from '../operators/aggregate/limit-ratio.ts';
import { Ranked } from '../operators/aggregate/ranked.ts';
import { operatorOf, type Built } from './built.ts';

export function buildAggregate(node: AggregateNode, scope: EvalScope, children: readonly Built[]): Operator {
  const { op, at, without } = node;
  const { notes } = scope.query;
  const child = operatorOf(children[0]);
  const grouping: Grouping = { labels: node.grouping, without };
  switch (op) {
    case 'count_values': {
      if (node.param?.kind !== 'string') return bug('count_values without label');
      return new CountValues(scope, child, node.param.value, grouping);
    }
    case 'topk':
    case 'bottomk':
    case 'limitk':
      return new Ranked(scope, { op, child, param: operatorOf(children[1]), grouping, notes: notes.at(at) });
    case 'limit_ratio':
      return new LimitRatio(scope, child, operatorOf(children[1]), notes.at(node.param!.at));
    case 'sum':
    case 'avg':
    case 'count':
    case 'min':
    case 'max':
    case 'group':
    case 'stddev':
    case 'stdvar':
    case 'quantile': {
      const param = op === 'quantile' ? operatorOf(children[1]) : undefined;
      const start = ACCUMULATORS[op];
      const paramNotes = node.param && notes.at(node.param.at);
      const parts = { start, child, param, grouping, paramNotes, notes: notes.at(node.child.at) };
      return new GroupAggregate(scope, parts);
    }
  }
}
