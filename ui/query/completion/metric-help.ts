import { ask } from '../../api/ask.ts';

interface MetadataJson {
  readonly type: string;
  readonly help: string;
  readonly unit: string;
}

/** What the series that a histogram or a summary consists of are, by the end of their name. */
const PARTS: readonly (readonly [end: string, what: string])[] = [
  ['_bucket', 'The total count of observations for a bucket in the histogram'],
  ['_count', 'The total number of observations for'],
  ['_sum', 'The total sum of observations for'],
];

/** Type and help of a metric, as targets tell it; undefined where none does, or no answer comes. */
export async function helpText(metric: string): Promise<string | undefined> {
  try {
    const told = await metadataOf(metric);
    return told === undefined ? undefined : `${told.type}: ${told.help}`;
  } catch {
    return undefined;
  }
}

/** What targets tell of a metric, or of the histogram or the summary that it is a part of; undefined where none does. */
export async function metadataOf(metric: string, signal?: AbortSignal): Promise<MetadataJson | undefined> {
  const told = await toldOf(metric, signal);
  const part = PARTS.find(([end]) => metric.endsWith(end));
  if (told !== undefined || part === undefined) return told;
  const [end, what] = part;
  const whole = await toldOf(metric.slice(0, -end.length), signal);
  if (whole === undefined) return undefined;
  return { type: 'counter', help: `${what}: ${whole.help}`, unit: end === '_sum' ? whole.unit : '' };
}

async function toldOf(metric: string, signal?: AbortSignal): Promise<MetadataJson | undefined> {
  const { data } = await ask<Readonly<Record<string, readonly MetadataJson[]>>>(
    'metadata',
    { metric, limit: 1 },
    { signal },
  );
  return Object.hasOwn(data, metric) ? data[metric]![0] : undefined;
}
