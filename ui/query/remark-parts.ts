import type { EndpointName } from '../state/endpoint-names.ts';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

/** A sentence of the API: its times as the page shows them, and in the place of addresses the endpoints that have them. */
export function remarkParts(
  text: string,
  names: ReadonlyMap<string, EndpointName>,
  timeText: (seconds: number) => string,
): readonly (string | EndpointName)[] {
  const parts: (string | EndpointName)[] = [];
  let plain = '';
  for (const piece of text.split(/(\s+|[,;:]+(?=\s|$))/)) {
    const name = names.get(piece);
    if (name === undefined) plain += TIME.test(piece) ? timeText(Date.parse(piece) / 1000) : piece;
    else {
      parts.push(plain, name);
      plain = '';
    }
  }
  return [...parts, plain];
}
