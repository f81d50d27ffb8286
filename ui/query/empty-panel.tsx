import { recentQueries } from '../state/history.ts';

const EXAMPLES: readonly (readonly [query: string, what: string])[] = [
  ['count by (job) (up)', 'How many targets there are'],
  ['up == 0', 'Which of them cannot be scraped'],
  ['topk(10, count by (__name__) ({__name__=~".+"}))', 'Which metrics have the most series'],
  ['sum by (job) (rate(http_requests_total[5m]))', 'Requests a second, where that metric is'],
];

/** As many as one looks through. */
const MOST_RECENT = 8;

/** Teaches by examples that work on every installation, and leads back to what was asked before. */
export function EmptyPanel({ onChoose }: { readonly onChoose: (expr: string) => void }) {
  const recent = recentQueries().slice(0, MOST_RECENT);
  return (
    <div class="empty">
      <p>Write a query above, or begin with one of these:</p>
      <Queries queries={EXAMPLES} onChoose={onChoose} />
      {recent.length > 0 && (
        <>
          <p>Or go on with what you asked before:</p>
          <Queries queries={recent.map((query) => [query])} onChoose={onChoose} />
        </>
      )}
    </div>
  );
}

function Queries({
  queries,
  onChoose,
}: {
  readonly queries: readonly (readonly [query: string, what?: string])[];
  readonly onChoose: (expr: string) => void;
}) {
  return (
    <ul class="examples">
      {queries.map(([query, what]) => (
        <li key={query}>
          <button class="plain" onClick={() => onChoose(query)}>
            <code>
              <bdi>{query.slice(0, 300)}</bdi>
            </code>
            {what !== undefined && <span class="muted small">{what}</span>}
          </button>
        </li>
      ))}
    </ul>
  );
}
