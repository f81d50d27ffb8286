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

const COLUMNS: readonly {
  readonly title: string;
  readonly sort?: (typeof ORDERS)[number][0];
  readonly textOf: (cost: TotalCostJson) => string;
}[] = [
  { title: 'Times', textOf: ({ count }) => countText(count) },
  { title: 'Total', sort: 'total_time', textOf: ({ totalSeconds }) => `${totalSeconds.toFixed(2)} s` },
  {
    title: 'Longest',
    sort: 'longest_time',
    textOf: ({ longestSeconds }) => `${longestSeconds.toFixed(2)} s`,
  },
  { title: 'Samples', sort: 'samples', textOf: ({ samples }) => countText(samples) },
  { title: 'Bytes', sort: 'bytes', textOf: ({ bytes }) => bytesText(bytes) },
  { title: 'Last', textOf: ({ lastTime }) => agoText(Date.parse(lastTime) / 1000) },
];

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
        <CostTable
          label="Queries that cost most"
          title="Query"
          sort={sort}
          rows={queries}
          keyOf={({ kind, query }) => `${kind} ${query}`}
          nameOf={({ query }) => (
            <a class="mono" href={hrefOf('query', { 'g0.expr': query })}>
              {query.slice(0, 300)}
            </a>
          )}
          kindOf={({ kind }) => kind}
        />
      )}
      {callers.length > 0 && (
        <CostTable
          label={`What the queries of each ${told} cost`}
          title={told === 'client' ? 'Client' : 'Dashboard'}
          sort={sort}
          rows={callers}
          keyOf={({ name }) => name}
          nameOf={({ name }) => <bdi>{name || `no ${told}, as far as is known`}</bdi>}
        />
      )}
    </section>
  );
}

interface CostTableProps<T> {
  readonly label: string;
  readonly title: string;
  readonly sort: string;
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  readonly nameOf: (row: T) => ComponentChildren;
  readonly kindOf?: (row: T) => string;
}

/** What it is sorted by comes first, so that it is seen where not all fits. */
function CostTable<T extends TotalCostJson>(props: CostTableProps<T>) {
  const { label, title, sort, rows, keyOf, nameOf, kindOf } = props;
  const sorted = COLUMNS.filter((column) => column.sort === sort);
  const others = COLUMNS.filter((column) => column.sort !== sort);
  const head = (column: { readonly title: string }) => (
    <th key={column.title} class="number">
      {column.title}
    </th>
  );
  return (
    <ScrollX label={label}>
      <table class="wide">
        <thead>
          <tr>
            <th>{title}</th>
            {sorted.map(head)}
            {kindOf !== undefined && <th>Kind</th>}
            {others.map(head)}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const cell = ({ title, textOf }: (typeof COLUMNS)[number]) => (
              <td key={title} class="number no-break">
                {textOf(row)}
              </td>
            );
            return (
              <tr key={keyOf(row)}>
                <td class="query-cell small">
                  {nameOf(row)}
                  {row.failures > 0 && (
                    <span class="is-failed small"> {plural(row.failures, 'failure')}</span>
                  )}
                </td>
                {sorted.map(cell)}
                {kindOf !== undefined && <td class="small">{kindOf(row)}</td>}
                {others.map(cell)}
              </tr>
            );
          })}
        </tbody>
      </table>
    </ScrollX>
  );
}
