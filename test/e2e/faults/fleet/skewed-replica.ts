import { labelsFromRecord } from '../../../../src/model/labels.ts';
import type { RawSeries } from '../../../../src/model/raw-data.ts';
import { copyColumns, SampleBuffer } from '../../../../src/model/sample-columns.ts';
import type { FakeServer } from '../../../support/fake-server.ts';
import { startMemoryPrometheus } from '../../../support/memory-prometheus.ts';
import type { SettledTime } from './fleet.ts';
import type { Replica } from './replica.ts';

/** Its samples reach so far beyond the settled time, ms: farther than any query looks. */
const BEYOND_MS = 60_000;
const INTERVAL_MS = 1000;
/** Within the second, another one than that of its sibling, mostly. */
const PHASE_MS = 437;

type Metric = Readonly<Record<string, string>>;

/**
 * A server in the place of a replica, with a clock that has been ahead by `offMs` for long: it tells another time, and its samples have the
 * times of its clock. What its counters say is far from what those of its sibling do at the time of the same name.
 */
export async function startSkewedReplica(
  { url, shard }: Replica,
  { from, to }: SettledTime,
  offMs: number,
): Promise<FakeServer> {
  const scraped = await valuesAt(url, '{__name__=~"up|level"}', to);
  const work = await valuesAt(url, 'work_total', to);
  const levels = new Map(
    scraped.map(({ metric, value }) => [targetOf(metric), metric['__name__'] === 'level' ? value : 0]),
  );
  const [first, last] = [from * 1000 - BEYOND_MS, to * 1000 + BEYOND_MS];
  const series = [
    ...scraped.map(({ metric, value }) => seriesOf(metric, first, last, () => value)),
    ...work.map(({ metric }) =>
      seriesOf(metric, first, last, (time) => ((time - offMs) / 1000) * levels.get(targetOf(metric))!),
    ),
  ];
  return startMemoryPrometheus({ cluster: 'faults', shard, __replica__: 'b' }, series, offMs);
}

async function valuesAt(
  url: string,
  query: string,
  time: number,
): Promise<readonly { readonly metric: Metric; readonly value: number }[]> {
  const parameters = new URLSearchParams({ query, time: String(time) });
  const answer = await fetch(`${url}/api/v1/query?${parameters.toString()}`);
  const { data } = (await answer.json()) as {
    readonly data: {
      readonly result: readonly { readonly metric: Metric; readonly value: [number, string] }[];
    };
  };
  return data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
}

/** What the series of one part of a target have in common. */
function targetOf({ instance, part }: Metric): string {
  return `${instance} ${part ?? ''}`;
}

/** @param valueAt by the time of its clock, ms. */
function seriesOf(metric: Metric, first: number, last: number, valueAt: (time: number) => number): RawSeries {
  const columns = new SampleBuffer();
  for (let time = first + PHASE_MS; time <= last; time += INTERVAL_MS) columns.push(time, valueAt(time));
  return { labels: labelsFromRecord(metric), data: { kind: 'columns', columns: copyColumns(columns) } };
}
