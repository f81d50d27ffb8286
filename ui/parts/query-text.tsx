import { hrefOf } from '../state/place.ts';

/** A query as text, and a way to run it. */
export function QueryText({ query }: { readonly query: string }) {
  return (
    <div class="query-text">
      <pre>{query}</pre>
      <a class="small" href={hrefOf('query', { 'g0.expr': query })}>
        Query this
      </a>
    </div>
  );
}
