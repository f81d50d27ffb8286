import { hrefOf } from '../state/place.ts';

/** What Explore shows: each metric by itself, or what takes the most place. */
export function ExploreViews({ shown }: { readonly shown: 'metrics' | 'cardinality' }) {
  return (
    <nav class="tabs" aria-label="What Explore shows">
      <a href={hrefOf('explore')} aria-current={shown === 'metrics' ? 'page' : undefined}>
        Metrics
      </a>
      <a
        href={hrefOf('explore', { view: 'cardinality' })}
        aria-current={shown === 'cardinality' ? 'page' : undefined}
      >
        Cardinality
      </a>
    </nav>
  );
}
