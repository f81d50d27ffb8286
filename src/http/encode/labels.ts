import type { Labels } from '../../model/labels.ts';
import { encodeLabelText } from './string.ts';

/** `{"__name__":"up","job":"demo"}` in the order of the label set, which is Prometheus' own. */
export function encodeLabels(labels: Labels): string {
  let text = '{';
  for (let i = 0; i < labels.length; i += 2) {
    if (i > 0) text += ',';
    text += `${encodeLabelText(labels[i]!)}:${encodeLabelText(labels[i + 1]!)}`;
  }
  return `${text}}`;
}
