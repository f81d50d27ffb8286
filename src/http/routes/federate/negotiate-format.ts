import type { EscapingScheme } from '../../../wire/exposition/escape-name.ts';
import type { ExpositionKind } from '../../../wire/exposition/exposition-kind.ts';

/** In which form samples are sent to a scraper. */
export interface ExpositionFormat {
  readonly kind: ExpositionKind;
  readonly escaping: EscapingScheme;
}

/** Scrapers send some hundred characters. A longer list would take long to read. */
const LONGEST_ACCEPT = 4000;

const SCHEMES: readonly string[] = [
  'allow-utf-8',
  'underscores',
  'dots',
  'values',
] satisfies EscapingScheme[];

const MEDIA_TYPES: Readonly<Record<ExpositionKind, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
  protobuf: 'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited',
};

/**
 * The format that the header Accept likes best, and the text format where it likes none. The escaping is the last one that is named up to
 * the chosen item: scrapers name it once for several (prometheus/common expfmt, `NegotiateIncludingOpenMetrics`).
 */
export function negotiateFormat(accept: string | undefined): ExpositionFormat {
  let escaping: EscapingScheme = 'underscores';
  for (const { type, parameters } of itemsOf(accept ?? '')) {
    const named = parameters.get('escaping') ?? '';
    if (SCHEMES.includes(named)) escaping = named as EscapingScheme;
    const kind = kindOf(type, parameters);
    if (kind !== undefined) return { kind, escaping };
  }
  return { kind: 'text', escaping };
}

export function contentType({ kind, escaping }: ExpositionFormat): string {
  return `${MEDIA_TYPES[kind]}; escaping=${escaping}`;
}

interface AcceptItem {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly weight: number;
}

/** The media ranges, best first. */
function itemsOf(accept: string): readonly AcceptItem[] {
  if (accept.length > LONGEST_ACCEPT) return [];
  const items = accept.split(',').map((item): AcceptItem => {
    const [type = '', ...rest] = item.split(';').map((part) => part.trim());
    const parameters = new Map(rest.map((part) => nameAndValue(part)));
    const weight = parameters.has('q') ? Number(parameters.get('q')) : 1;
    return { type: type.toLowerCase(), parameters, weight: weight >= 0 && weight <= 1 ? weight : 0 };
  });
  return items.filter(({ weight }) => weight > 0).toSorted((a, b) => b.weight - a.weight);
}

function nameAndValue(parameter: string): readonly [string, string] {
  const [name = '', value = ''] = parameter.split('=', 2);
  return [name.trim().toLowerCase(), value.trim().replace(/^"(.*)"$/, '$1')];
}

function kindOf(type: string, parameters: ReadonlyMap<string, string>): ExpositionKind | undefined {
  const version = parameters.get('version') ?? '';
  switch (type) {
    case 'text/plain':
      return version === '' || version === '0.0.4' ? 'text' : undefined;
    case 'application/openmetrics-text':
      return version === '' || version === '1.0.0' ? 'openmetrics' : undefined;
    case 'application/vnd.google.protobuf': {
      const isFamily = parameters.get('proto') === 'io.prometheus.client.MetricFamily';
      return isFamily && parameters.get('encoding') === 'delimited' ? 'protobuf' : undefined;
    }
    default:
      return undefined;
  }
}
