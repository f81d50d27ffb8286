import { useMemo } from 'preact/hooks';
import { ask } from '../api/ask.ts';
import { searchNames } from '../api/search-names.ts';
import { ListDetail } from '../parts/list-detail.tsx';
import type { Fleet } from '../state/fleet.ts';
import { place } from '../state/place.ts';
import { useLoad } from '../state/use-load.ts';
import { countText } from '../text/numbers.ts';
import { CardinalityView } from './cardinality-view.tsx';
import { ExploreViews } from './explore-views.tsx';
import { MetricDetail } from './metric-detail.tsx';
import { namesLike } from './names-like.ts';

/** More names than a person scrolls through. The search of the gateway finds the others. */
const MOST_METRICS = 50_000;
/** Of a search in more than those. */
const MOST_FOUND = 1000;
const MOST_WARNINGS = 3;

/** All metrics and what each is, or what takes the most place. */
export function ExplorePage({ fleet }: { readonly fleet: Fleet | undefined }) {
  return place.value.parameters.get('view') === 'cardinality' ? (
    <CardinalityView fleet={fleet} />
  ) : (
    <MetricsView fleet={fleet} />
  );
}

function MetricsView({ fleet }: { readonly fleet: Fleet | undefined }) {
  const search = place.value.parameters.get('search') ?? '';
  const all = useLoad(
    'metrics',
    async (signal) =>
      (await ask<readonly string[]>('label/__name__/values', { limit: MOST_METRICS }, { signal })).data,
  );
  const isCut = all.value?.length === MOST_METRICS;
  // Which of the others are like it the gateway knows alone.
  const found = useLoad(isCut && search !== '' ? search : undefined, async (signal) =>
    searchNames({ kind: 'metric_names' }, { text: search, limit: MOST_FOUND, signal }),
  );
  const isSearched = isCut && search !== '';
  const like = useMemo(() => all.value && namesLike(all.value, search), [all.value, search]);
  return (
    <ListDetail
      title="Explore"
      noun="metric"
      rowHeight={32}
      items={isSearched ? found.value?.names : like}
      foundAmong={all.value?.length}
      failure={all.failure ?? found.failure}
      keyOf={(name) => name}
      textOf={(name) => name}
      row={(name) => (
        <span class="mono small clip">
          <bdi>{name}</bdi>
        </span>
      )}
      detail={(name) => <MetricDetail key={name} name={name} fleet={fleet} />}
      tools={
        <>
          <ExploreViews shown="metrics" />
          {isCut && search === '' && (
            <span class="small is-missing">
              The first {countText(MOST_METRICS)} metrics alone; the search looks in all of them.
            </span>
          )}
          {isSearched && found.value?.hasMore === true && (
            <span class="small is-missing">The {countText(MOST_FOUND)} that are most like it.</span>
          )}
          {isSearched &&
            found.value?.warnings.slice(0, MOST_WARNINGS).map((text) => (
              <span key={text} class="small is-missing">
                {text}
              </span>
            ))}
        </>
      }
      empty={<p>No endpoint has series. Look at Endpoints for how they fare.</p>}
    />
  );
}
