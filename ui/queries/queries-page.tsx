import { useState } from 'preact/hooks';
import type { ActiveQueriesJson, ActiveQueryJson, TopQueriesJson } from '../../src/http/api/queries.ts';
import { ask, Failure } from '../api/ask.ts';
import { FailureNotice } from '../parts/failure-notice.tsx';
import { ScrollX } from '../parts/scroll-x.tsx';
import { hrefOf, place, setParameter } from '../state/place.ts';
import { useLoad } from '../state/use-load.ts';
import { bytesText, countText, plural } from '../text/numbers.ts';
import { agoText } from '../text/time.ts';

const ACTIVE_EVERY_MS = 2000;
const TOP_EVERY_MS = 15_000;
const MOST_TOP = 50;

const ORDERS = [
  ['total_time', 'total time'],
  ['longest_time', 'longest'],
  ['samples', 'samples'],
  ['bytes', 'bytes'],
] as const;

/** Queries that run now, and those that cost most. */
export function QueriesPage() {
  return (
    <div class="stack">
      <h1>Queries</h1>
      <ActiveQueries />
      <TopQueries />
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

function TopQueries() {
  const sort = place.value.parameters.get('sort') ?? 'total_time';
  const { value, failure } = useLoad(
    sort,
    async (signal) =>
      (await ask<TopQueriesJson>('status/top_queries', { sort, limit: MOST_TOP }, { signal })).data.queries,
    TOP_EVERY_MS,
  );
  return (
    <section class="card section" aria-labelledby="top-queries">
      <div class="row">
        <h2 id="top-queries">What cost most since the start</h2>
        <div class="joined" role="group" aria-label="Sort by">
          {ORDERS.map(([order, title]) => (
            <button key={order} aria-pressed={order === sort} onClick={() => setParameter('sort', order)}>
              {title}
            </button>
          ))}
        </div>
      </div>
      {failure !== undefined && <FailureNotice failure={failure} />}
      {value !== undefined && value.length === 0 && <p class="muted small">No query has ended yet.</p>}
      {value !== undefined && value.length > 0 && (
        <ScrollX label="Queries that cost most">
          <table class="wide">
            <thead>
              <tr>
                <th>Query</th>
                <th>Kind</th>
                <th class="number">Times</th>
                <th class="number">Total</th>
                <th class="number">Longest</th>
                <th class="number">Samples</th>
                <th class="number">Bytes</th>
                <th>Last</th>
              </tr>
            </thead>
            <tbody>
              {value.map((query) => (
                <tr key={`${query.kind} ${query.query}`}>
                  <td class="query-cell mono small">
                    <a href={hrefOf('query', { 'g0.expr': query.query })}>{query.query.slice(0, 300)}</a>
                    {query.failures > 0 && (
                      <span class="is-failed small"> {plural(query.failures, 'failure')}</span>
                    )}
                  </td>
                  <td class="small">{query.kind}</td>
                  <td class="number">{countText(query.count)}</td>
                  <td class="number">{query.totalSeconds.toFixed(2)} s</td>
                  <td class="number">{query.longestSeconds.toFixed(2)} s</td>
                  <td class="number">{countText(query.samples)}</td>
                  <td class="number">{bytesText(query.bytes)}</td>
                  <td class="small no-break">{agoText(Date.parse(query.lastTime) / 1000)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollX>
      )}
    </section>
  );
}
