const EXAMPLES: readonly (readonly [query: string, what: string])[] = [
  ['count by (job) (up)', 'How many targets there are'],
  ['up == 0', 'Which of them cannot be scraped'],
  ['topk(10, count by (__name__) ({__name__=~".+"}))', 'Which metrics have the most series'],
  ['sum by (job) (rate(http_requests_total[5m]))', 'Requests a second, where that metric is'],
];

/** Teaches by examples that work on every installation. */
export function EmptyPanel({ onChoose }: { readonly onChoose: (expr: string) => void }) {
  return (
    <div class="empty">
      <p>Write a query above, or begin with one of these:</p>
      <ul class="examples">
        {EXAMPLES.map(([query, what]) => (
          <li key={query}>
            <button class="plain" onClick={() => onChoose(query)}>
              <code>{query}</code>
              <span class="muted small">{what}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
