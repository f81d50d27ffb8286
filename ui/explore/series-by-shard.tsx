import type { LabelsJson } from '../../src/http/api/envelope.ts';
import type { QueryJson } from '../../src/http/api/query.ts';
import { ask } from '../api/ask.ts';
import { FailureNotice } from '../parts/failure-notice.tsx';
import { Labels } from '../parts/labels.tsx';
import { ScrollX } from '../parts/scroll-x.tsx';
import { useLoad } from '../state/use-load.ts';
import { labelName, seriesText } from '../text/labels.ts';
import { countText, plural } from '../text/numbers.ts';
import { changeText, UNKNOWN, WHY_UNKNOWN, type NowAndBefore } from './change-text.ts';

const DAY = 86_400;
/** Those with the most series. */
const MOST_SHARDS = 50;

interface Props {
  readonly selector: string;
  /** The labels of each shard; none where nothing is known of them, or nothing is told. */
  readonly shards: readonly LabelsJson[];
}

/** How many series a metric has in which shard, now and a day ago. Replicas count once. */
export function SeriesByShard({ selector, shards }: Props) {
  const names = [...new Set(shards.flatMap((labels) => Object.keys(labels)))].toSorted();
  const query = `count by (${names.map(labelName).join(', ')}) (${selector})`;
  const now = useLoad(`now ${query}`, async (signal) => countSeries(query, Date.now() / 1000, signal));
  // By itself, because a server may have to look for it in older data.
  const before = useLoad(`before ${query}`, async (signal) =>
    countSeries(query, Date.now() / 1000 - DAY, signal),
  );
  if (now.failure !== undefined) return <FailureNotice failure={now.failure} />;
  if (now.value === undefined) return <p class="small muted">Counting series …</p>;
  const rows = rowsOf(now.value, before.value);
  const all = { now: sumOf(rows, 'now'), before: sumOf(rows, 'before') };
  const was = (row: Pick<Row, 'before'>): string =>
    before.value === undefined ? '…' : row.before === 0 ? '–' : countText(row.before);
  return (
    <ScrollX label="Series by shard">
      <table class="wide">
        <thead>
          <tr>
            <th>Shard</th>
            <th class="number">Series now</th>
            <th class="number">A day ago</th>
            <th class="number">Change</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, MOST_SHARDS).map((row) => (
            <tr key={seriesText(row.labels)}>
              <th scope="row">
                {Object.keys(row.labels).length === 0 ? 'of none' : <Labels labels={row.labels} />}
              </th>
              <td class="number">{countText(row.now)}</td>
              <td class="number">{was(row)}</td>
              {before.value === undefined ? <td /> : <Change row={row} />}
            </tr>
          ))}
          {rows.length > 1 && (
            <tr>
              <th scope="row">all</th>
              <td class="number">{countText(all.now)}</td>
              <td class="number">{was(all)}</td>
              {before.value === undefined ? <td /> : <Change row={all} />}
            </tr>
          )}
        </tbody>
      </table>
      {rows.length === 0 && <p class="small muted">It has no series now.</p>}
      {rows.length > MOST_SHARDS && (
        <p class="small muted">
          {plural(rows.length - MOST_SHARDS, 'more shard')} with fewer series are not shown.
        </p>
      )}
      {before.failure !== undefined && (
        <p class="small is-missing">A day ago is not known: {before.failure.message}</p>
      )}
      {[...new Set([...now.value.warnings, ...(before.value?.warnings ?? [])])].map((text) => (
        <p key={text} class="small is-missing">
          {text}
        </p>
      ))}
    </ScrollX>
  );
}

function Change({ row }: { readonly row: NowAndBefore }) {
  const text = changeText(row);
  return (
    <td
      class={`number ${text === UNKNOWN ? 'muted' : ''}`}
      title={text === UNKNOWN ? WHY_UNKNOWN : undefined}
    >
      {text}
    </td>
  );
}

interface Counted {
  readonly counts: ReadonlyMap<string, { readonly labels: LabelsJson; readonly count: number }>;
  /** What is missing, in sentences. */
  readonly warnings: readonly string[];
}

/** As many as anybody reads. */
const MOST_WARNINGS = 3;

async function countSeries(query: string, time: number, signal: AbortSignal): Promise<Counted> {
  const { data, warnings } = await ask<QueryJson>('query', { query, time }, { signal, method: 'POST' });
  const samples = data.resultType === 'vector' ? data.result : [];
  const counts = new Map(
    samples.map(({ metric, value }) => [
      seriesText(metric),
      { labels: metric, count: Number(value?.[1] ?? 0) },
    ]),
  );
  return { counts, warnings: warnings.slice(0, MOST_WARNINGS) };
}

interface Row extends NowAndBefore {
  readonly labels: LabelsJson;
}

/** Those that have the most now come first; those that had some a day ago alone are among them. */
function rowsOf(now: Counted, before: Counted | undefined): readonly Row[] {
  const all = new Map([...(before?.counts ?? []), ...now.counts]);
  return Array.from(all, ([key, { labels }]) => ({
    labels,
    now: now.counts.get(key)?.count ?? 0,
    before: before?.counts.get(key)?.count ?? 0,
  })).toSorted((a, b) => b.now - a.now || b.before - a.before);
}

function sumOf(rows: readonly Row[], what: 'now' | 'before'): number {
  return rows.reduce((sum, row) => sum + row[what], 0);
}
