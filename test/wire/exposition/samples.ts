import type { FloatHistogram } from '../../../src/model/histogram/float-histogram.ts';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import type { NamedSample } from '../../../src/model/named-sample.ts';

export const AT = 1_795_392_561_907;

export function sample(
  name: string,
  labels: Readonly<Record<string, string>>,
  value: number | FloatHistogram,
): NamedSample {
  const [v, h] = typeof value === 'number' ? [value, undefined] : [value.sum, value];
  return { name, labels: labelsFromRecord({ __name__: name, ...labels }), t: AT, v, h };
}
