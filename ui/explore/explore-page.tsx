import { ask } from '../api/ask.ts';
import { ListDetail } from '../parts/list-detail.tsx';
import { useLoad } from '../state/use-load.ts';
import { countText } from '../text/numbers.ts';
import { MetricDetail } from './metric-detail.tsx';

/** More names than a person scrolls through; the search of the gateway finds the others in the editor. */
const MOST_METRICS = 50_000;

/** All metrics, and what each is. */
export function ExplorePage() {
  const { value, failure } = useLoad(
    'metrics',
    async (signal) =>
      (await ask<readonly string[]>('label/__name__/values', { limit: MOST_METRICS }, { signal })).data,
  );
  return (
    <ListDetail
      title="Explore"
      rowHeight={32}
      items={value}
      failure={failure}
      keyOf={(name) => name}
      textOf={(name) => name}
      row={(name) => (
        <span class="mono small clip">
          <bdi>{name}</bdi>
        </span>
      )}
      detail={(name) => <MetricDetail key={name} name={name} />}
      tools={
        value?.length === MOST_METRICS && (
          <span class="small is-missing">The first {countText(MOST_METRICS)} metrics alone.</span>
        )
      }
      empty={<p>No endpoint has series. Look at Endpoints for how they fare.</p>}
    />
  );
}
