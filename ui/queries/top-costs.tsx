import type { ComponentChildren } from 'preact';
import type {
  TopCallerJson,
  TopCallersJson,
  TopQueriesJson,
  TopQueryJson,
  TotalCostJson,
} from '../../src/http/api/queries.ts';
import { ask } from '../api/ask.ts';
import { Choice } from '../parts/choice.tsx';
import { FailureNotice } from '../parts/failure-notice.tsx';
import { ScrollX } from '../parts/scroll-x.tsx';
import { hrefOf, place, setParameter } from '../state/place.ts';
import { useLoad } from '../state/use-load.ts';
import { bytesText, countText, plural } from '../text/numbers.ts';
import { agoText } from '../text/time.ts';

const EVERY_MS = 15_000;
const MOST = 50;

const ORDERS = [
  ['total_time', 'total time'],
  ['longest_time', 'longest'],
  ['samples', 'samples'],
  ['bytes', 'bytes'],
] as const;

/** What queries are counted together by. */
const KINDS = [
  ['query', 'by query'],
  ['client', 'by client'],
  ['dashboard', 'by dashboard'],
] as const;

interface Costs {
  readonly by?: string;
  readonly queries?: readonly TopQueryJson[];
  readonly callers?: readonly TopCallerJson[];
}

/** What cost most since the start: queries, or clients and dashboards. */
export function TopCosts() {
  const { parameters } = place.value;
  const sort = parameters.get('sort') ?? 'total_time';
  const by = parameters.get('by') ?? 'query';
  const { value, failure } = useLoad(
    `${sort} ${by}`,
    async (signal): Promise<Costs> => {
      const asked = { sort, by, limit: MOST };
      return (await ask<TopQueriesJson | TopCallersJson>('status/top_queries', asked, { signal })).data;
    },
    EVERY_MS,
  );
  const { queries = [], callers = [], by: told = '' } = value ?? {};
  return (
    <section class="card section" aria-labelledby="top-queries">
      <div class="row">
        <h2 id="top-queries">What cost most since the start</h2>
        <Choice
          label="Count together"
          choices={KINDS}
          chosen={by}
          onChoose={(value) => setParameter('by', value)}
        />
        <Choice
          label="Sort by"
          choices={ORDERS}
          chosen={sort}
          onChoose={(value) => setParameter('sort', value)}
        />
      </div>
      {failure !== undefined && <FailureNotice failure={failure} />}
      {value !== undefined && queries.length + callers.length === 0 && (
        <p class="muted small">No query has ended yet.</p>
      )}
      {queries.length > 0 && (
        <CostTable label="Queries that cost most" titles={['Query', 'Kind']}>
          {queries.map((query) => (
            <tr key={`${query.kind} ${query.query}`}>
              <td class="query-cell mono small">
                <a href={hrefOf('query', { 'g0.expr': query.query })}>{query.query.slice(0, 300)}</a>
                <Failures count={query.failures} />
              </td>
              <td class="small">{query.kind}</td>
              <CostCells cost={query} />
            </tr>
          ))}
        </CostTable>
      )}
      {callers.length > 0 && (
        <CostTable
          label={`What the queries of each ${told} cost`}
          titles={[told === 'client' ? 'Client' : 'Dashboard']}
        >
          {callers.map((caller) => (
            <tr key={caller.name}>
              <td class="query-cell small">
                <bdi>{caller.name || `no ${told}, as far as is known`}</bdi>
                <Failures count={caller.failures} />
              </td>
              <CostCells cost={caller} />
            </tr>
          ))}
        </CostTable>
      )}
    </section>
  );
}

function CostTable({
  label,
  titles,
  children,
}: {
  readonly label: string;
  readonly titles: readonly string[];
  readonly children: ComponentChildren;
}) {
  return (
    <ScrollX label={label}>
      <table class="wide">
        <thead>
          <tr>
            {titles.map((title) => (
              <th key={title}>{title}</th>
            ))}
            <th class="number">Times</th>
            <th class="number">Total</th>
            <th class="number">Longest</th>
            <th class="number">Samples</th>
            <th class="number">Bytes</th>
            <th>Last</th>
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </ScrollX>
  );
}

function Failures({ count }: { readonly count: number }) {
  return count > 0 ? <span class="is-failed small"> {plural(count, 'failure')}</span> : null;
}

function CostCells({ cost }: { readonly cost: TotalCostJson }) {
  return (
    <>
      <td class="number">{countText(cost.count)}</td>
      <td class="number">{cost.totalSeconds.toFixed(2)} s</td>
      <td class="number">{cost.longestSeconds.toFixed(2)} s</td>
      <td class="number">{countText(cost.samples)}</td>
      <td class="number">{bytesText(cost.bytes)}</td>
      <td class="small no-break">{agoText(Date.parse(cost.lastTime) / 1000)}</td>
    </>
  );
}
