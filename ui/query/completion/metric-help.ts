import { ask } from '../../api/ask.ts';

interface MetadataJson {
  readonly type: string;
  readonly help: string;
}

/** What the series that a histogram or a summary consists of are, by the end of their name. */
const PARTS: readonly (readonly [end: string, what: string])[] = [
  ['_bucket', 'The total count of observations for a bucket in the histogram'],
  ['_count', 'The total number of observations for'],
  ['_sum', 'The total sum of observations for'],
];

/** Type and help of a metric, as targets tell it; undefined where none does, or no answer comes. */
export async function helpText(metric: string): Promise<string | undefined> {
  const told = await metadataOf(metric);
  if (told !== undefined) return `${told.type}: ${told.help}`;
  const part = PARTS.find(([end]) => metric.endsWith(end));
  if (part === undefined) return undefined;
  const whole = await metadataOf(metric.slice(0, -part[0].length));
  return whole === undefined ? undefined : `counter: ${part[1]}: ${whole.help}`;
}

async function metadataOf(metric: string): Promise<MetadataJson | undefined> {
  try {
    const { data } = await ask<Readonly<Record<string, readonly MetadataJson[]>>>('metadata', {
      metric,
      limit: 1,
    });
    return Object.hasOwn(data, metric) ? data[metric]![0] : undefined;
  } catch {
    return undefined;
  }
}
