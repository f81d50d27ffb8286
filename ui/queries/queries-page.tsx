import { useState } from 'preact/hooks';
import { TopCosts } from './top-costs.tsx';
import type { ActiveQueriesJson, ActiveQueryJson } from '../../src/http/api/queries.ts';
import { ask, Failure } from '../api/ask.ts';
import { FailureNotice } from '../parts/failure-notice.tsx';
import { ScrollX } from '../parts/scroll-x.tsx';
import { useLoad } from '../state/use-load.ts';
import { bytesText, countText } from '../text/numbers.ts';

const ACTIVE_EVERY_MS = 2000;

/** Queries that run now, and those that cost most. */
export function QueriesPage() {
  return (
    <div class="stack">
      <h1>Queries</h1>
      <ActiveQueries />
      <TopCosts />
    </div>
  );
}

function ActiveQueries() {
  const { value, failure, again } = useLoad(
    'active',
    async (signal) => (await ask<ActiveQueriesJson>('status/active_queries', {}, { signal })).data.queries,
    ACTIVE_EVERY_MS,
  );
  const [refused, setRefused] = useState<Failure>();
  const cancel = async (id: string): Promise<void> => {
    try {
      await ask(`status/active_queries/${encodeURIComponent(id)}`, {}, { method: 'DELETE' });
      setRefused(undefined);
    } catch (error) {
      setRefused(error instanceof Failure ? error : new Failure('page', String(error)));
    }
    again();
  };
  const oldest = Math.max(...(value ?? []).map(({ ageSeconds }) => ageSeconds), 1);
  return (
    <section class="card section" aria-labelledby="active-queries">
      <h2 id="active-queries">Running now</h2>
      {failure !== undefined && <FailureNotice failure={failure} />}
      {refused !== undefined && <FailureNotice failure={refused} />}
      {value !== undefined && value.length === 0 && <p class="muted small">No query runs.</p>}
      {value !== undefined && value.length > 0 && (
        <ScrollX label="Queries that run">
          <table class="wide">
            <thead>
              <tr>
                <th>Query</th>
                <th>Who</th>
                <th>Stage</th>
                <th>Age</th>
                <th class="number">Samples</th>
                <th class="number">Bytes</th>
                <th>
                  <span class="hidden-text">Cancel</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {value.map((query) => (
                <tr key={query.id}>
                  <td class="query-cell mono small">{query.query}</td>
                  <td class="small">{whoText(query)}</td>
                  <td class="small">{query.stage}</td>
                  <td class="age">
                    <meter min={0} max={oldest} value={query.ageSeconds} aria-label="Age" />{' '}
                    {query.ageSeconds.toFixed(1)} s
                  </td>
                  <td class="number">{countText(query.samples)}</td>
                  <td class="number">{bytesText(query.bytes)}</td>
                  <td>
                    <button onClick={() => void cancel(query.id)}>Cancel</button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollX>
      )}
    </section>
  );
}

function whoText({ user, dashboard, panel, userAgent, client = '' }: ActiveQueryJson): string {
  const of = [
    user,
    dashboard === undefined ? undefined : `dashboard ${dashboard}`,
    panel === undefined ? undefined : `panel ${panel}`,
  ];
  const said = of.filter((part) => part !== undefined).join(', ');
  return said === '' ? `${client} ${userAgent?.split(' ')[0] ?? ''}` : said;
}
