import { encodeLabelText } from './string.ts';

/** `{"__name__":"up","job":"demo"}` of flat names and values in their order, for label sets Prometheus' own. */
export function encodeLabels(labels: readonly string[]): string {
  let text = '{';
  for (let i = 0; i < labels.length; i += 2) {
    if (i > 0) text += ',';
    text += `${encodeLabelText(labels[i]!)}:${encodeLabelText(labels[i + 1]!)}`;
  }
  return `${text}}`;
}
