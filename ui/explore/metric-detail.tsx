import type { LabelsJson } from '../../src/http/api/envelope.ts';
import { ask } from '../api/ask.ts';
import { FailureNotice } from '../parts/failure-notice.tsx';
import { Facts } from '../parts/facts.tsx';
import { ScrollX } from '../parts/scroll-x.tsx';
import type { Fleet } from '../state/fleet.ts';
import { hrefOf } from '../state/place.ts';
import { metadataOf } from '../query/completion/metric-help.ts';
import { useLoad } from '../state/use-load.ts';
import { seriesText } from '../text/labels.ts';
import { countText, plural } from '../text/numbers.ts';
import { SeriesByShard } from './series-by-shard.tsx';
import { labelTable } from './label-table.ts';

/** Series whose labels are looked at. */
const MOST_SERIES = 2000;
const MOST_VALUES = 5;
const HOUR = 3600;

/** A metric: what it is, how many series it has, and what tells these apart. */
export function MetricDetail({ name, fleet }: { readonly name: string; readonly fleet: Fleet | undefined }) {
  const selector = `{__name__=${JSON.stringify(name)}}`;
  const { value, failure } = useLoad(name, async (signal) => {
    const end = Math.floor(Date.now() / 1000);
    const [told, series] = await Promise.all([
      metadataOf(name, signal),
      ask<readonly LabelsJson[]>(
        'series',
        { 'match[]': selector, start: end - HOUR, end, limit: MOST_SERIES },
        { signal, method: 'POST' },
      ),
    ]);
    return { told, series: series.data };
  });
  if (failure !== undefined) return <FailureNotice failure={failure} />;
  if (value === undefined) return <div class="waiting" />;
  const { told, series } = value;
  const query = queryOf(name, told?.type);
  return (
    <div class="stack">
      <h2 class="mono breaks">
        <bdi>{name}</bdi>
      </h2>
      <Facts
        facts={[
          ['Type', told?.type ?? 'No endpoint tells.'],
          ['Unit', told?.unit ?? ''],
          ['Help', told?.help ?? ''],
        ]}
      />
      <p>
        <a href={hrefOf('query', { 'g0.expr': query })}>Query this</a>
      </p>
      <SeriesByShard selector={selector} shards={fleet?.shards.map(({ labels }) => labels) ?? []} />
      <ScrollX label="Labels">
        <table class="wide">
          <thead>
            <tr>
              <th>Label</th>
              <th class="number">Values</th>
              <th>Most series have</th>
            </tr>
          </thead>
          <tbody>
            {labelTable(series, MOST_VALUES).map(({ label, values, top }) => (
              <tr key={label}>
                <th scope="row" class="mono">
                  <bdi>{label.slice(0, 200)}</bdi>
                </th>
                <td class="number">{countText(values)}</td>
                <td class="small">
                  {top.map(({ value: text, count: times }) => (
                    <span key={text} class="top-value">
                      <bdi class="mono">{text.slice(0, 100)}</bdi>{' '}
                      <span class="muted">{countText(times)}</span>
                    </span>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollX>
      {series.length === MOST_SERIES && (
        <p class="small muted">Counted over {plural(MOST_SERIES, 'series', 'series')} of the last hour.</p>
      )}
    </div>
  );
}

function queryOf(name: string, type: string | undefined): string {
  const selector = seriesText({ __name__: name });
  if (type !== 'counter' && !name.endsWith('_total')) return selector;
  return `sum${name.endsWith('_bucket') ? ' by (le) ' : ''}(rate(${selector}[5m]))`;
}
