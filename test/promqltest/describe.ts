import { formatHistogram } from '../../src/model/histogram/format.ts';
import { type FloatHistogram, ResetHint } from '../../src/model/histogram/float-histogram.ts';
import { type Labels, METRIC_NAME, pairsOf } from '../../src/model/labels.ts';
import type { Point } from './script.ts';

const HINTS = Object.entries(ResetHint);

/** A label set as scripts write it. */
export function describeLabels(labels: Labels): string {
  const pairs = [...pairsOf(labels)];
  const name = pairs.find(([label]) => label === METRIC_NAME)?.[1] ?? '';
  const rest = pairs.filter(([label]) => label !== METRIC_NAME);
  return `${name}{${rest.map(([label, value]) => `${label}=${JSON.stringify(value)}`).join(', ')}}`;
}

export function describeHistogram(h: FloatHistogram): string {
  const hint = HINTS.find(([, value]) => value === h.resetHint)?.[0];
  return `schema ${h.schema} ${formatHistogram(h)} ${hint}`;
}

export function describePoint(point: Point | undefined): string {
  switch (point?.kind) {
    case 'float':
      return String(point.value);
    case 'histogram':
      return describeHistogram(point.histogram);
    case 'gap':
    case undefined:
      return 'nothing';
  }
}
