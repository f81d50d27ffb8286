import { checkedStep, requireInOrder, type Steps } from '../../gateway/range-steps.ts';
import { parseDurationParameter } from './duration.ts';
import type { Form } from './form.ts';
import { readParameter } from './read-parameter.ts';
import { parseTime } from './time.ts';

/** Reads the steps of a range query. What is wrong with several parameters is told in Prometheus' order. */
export function readSteps(form: Form): Steps {
  const start = readParameter(form, 'start', parseTime);
  const end = readParameter(form, 'end', parseTime);
  requireInOrder({ start, end });
  const step = checkedStep({ start, end, step: readParameter(form, 'step', parseDurationParameter) });
  return { start, end, step };
}
