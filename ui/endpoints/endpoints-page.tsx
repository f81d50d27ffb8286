import { useMemo } from 'preact/hooks';
import { Choice } from '../parts/choice.tsx';
import { FailureNotice } from '../parts/failure-notice.tsx';
import { VirtualList } from '../parts/virtual-list.tsx';
import { StateWord } from '../parts/state-word.tsx';
import { SHARD_STATES, type Fleet, type FleetEndpoint, type FleetShard } from '../state/fleet.ts';
import { place, setParameter } from '../state/place.ts';
import type { Loaded } from '../state/use-load.ts';
import { seriesText } from '../text/labels.ts';
import { plural } from '../text/numbers.ts';
import { EndpointDetails } from './endpoint-details.tsx';
import { MOST_REPLICAS, ShardRow } from './shard-row.tsx';
import { stripAxis } from './strip-axis.ts';
import { StripKey } from './strip-key.tsx';

/** px of a shard with its head, and of each replica. */
const HEAD = 48;
const REPLICA = 32;

const STATES = ['', ...SHARD_STATES].map(
  (state) => [state, state === '' ? 'all' : state === 'failed' ? 'down' : state] as const,
);

/** All shards, worst first, each with its replicas; and all facts of one endpoint. */
export function EndpointsPage({ fleet }: { readonly fleet: Loaded<Fleet> }) {
  const { parameters } = place.value;
  const [search, state] = [parameters.get('search') ?? '', parameters.get('state') ?? ''];
  const chosen = parameters.get('endpoint') ?? '';
  const shards = useMemo(
    () => (fleet.value === undefined ? [] : shownShards(fleet.value.shards, search, state)),
    [fleet.value, search, state],
  );
  const axis = useMemo(() => stripAxis(fleet.value?.shards ?? []), [fleet.value]);
  const heights = useMemo(() => shards.map(heightOf), [shards]);
  const all =
    fleet.value === undefined
      ? []
      : [...fleet.value.shards.flatMap(({ endpoints }) => endpoints), ...fleet.value.others];
  const endpoint = all.find(({ store }) => store.name === chosen);
  const shard = fleet.value?.shards.find(({ endpoints }) => endpoints.some((each) => each === endpoint));
  const nameOf = (id: string): string => all.find(({ store }) => store.name === id)?.replica || id;
  const choose = (name: string): void => setParameter('endpoint', name === chosen ? '' : name);
  return (
    <div>
      <div class="page-head">
        <h1>Endpoints</h1>
        <input
          class="input"
          type="search"
          aria-label="Search shards and endpoints"
          placeholder="Search shards and endpoints"
          value={search}
          onInput={(event) => setParameter('search', event.currentTarget.value)}
        />
        <Choice
          label="State"
          choices={STATES}
          chosen={state}
          onChoose={(value) => setParameter('state', value)}
        />
        <span class="muted small">{plural(shards.length, 'shard')}, worst first</span>
      </div>
      {fleet.failure !== undefined && <FailureNotice failure={fleet.failure} />}
      <div class={endpoint === undefined ? '' : 'with-details'}>
        <div class="stack-8">
          {fleet.value !== undefined && shards.length === 0 && (
            <p class="empty">
              {fleet.value.shards.length === 0
                ? 'No shard is known yet. Endpoints tell their labels when they answer for the first time.'
                : 'No shard is like that.'}
            </p>
          )}
          {shards.length > 0 && axis !== undefined && <StripKey axis={axis} />}
          {shards.length > 0 && (
            <VirtualList
              className="card shard-list"
              label="Shards"
              count={shards.length}
              rowHeight={heights}
              maxHeight={Math.max(window.innerHeight - 190, 360)}
              row={(i) => <ShardRow shard={shards[i]!} axis={axis} chosen={chosen} onChoose={choose} />}
            />
          )}
          <Others
            title="Endpoints of no known shard"
            endpoints={fleet.value?.others ?? []}
            onChoose={choose}
          />
          <Sources fleet={fleet.value} />
        </div>
        {endpoint !== undefined && (
          <EndpointDetails endpoint={endpoint} shard={shard} nameOf={nameOf} onClose={() => choose(chosen)} />
        )}
      </div>
    </div>
  );
}

/** Those that are not shown have a line together. */
function heightOf({ endpoints }: FleetShard): number {
  return HEAD + REPLICA * Math.min(endpoints.length, MOST_REPLICAS + 1);
}

function shownShards(shards: readonly FleetShard[], search: string, state: string): readonly FleetShard[] {
  const needle = search.toLowerCase();
  return shards
    .filter((shard) => state === '' || shard.state === state)
    .filter(
      ({ labels, endpoints }) =>
        seriesText(labels).toLowerCase().includes(needle) ||
        endpoints.some(({ store }) => store.name.toLowerCase().includes(needle)),
    )
    .toSorted((a, b) => SHARD_STATES.indexOf(b.state) - SHARD_STATES.indexOf(a.state));
}

function Others({
  title,
  endpoints,
  onChoose,
}: {
  readonly title: string;
  readonly endpoints: readonly FleetEndpoint[];
  readonly onChoose: (name: string) => void;
}) {
  if (endpoints.length === 0) return null;
  return (
    <section class="card others">
      <h2>{title}</h2>
      <VirtualList
        label={title}
        count={endpoints.length}
        rowHeight={32}
        maxHeight={320}
        row={(i) => {
          const { store, kind } = endpoints[i]!;
          return (
            <button class="plain row others-row" onClick={() => onChoose(store.name)}>
              <StateWord state={store.health === 'up' ? 'good' : 'failed'} word={store.health} />
              <span class="mono small clip">{store.name}</span>
              <span class="muted small clip">{store.lastError ?? kind}</span>
            </button>
          );
        }}
      />
    </section>
  );
}

function Sources({ fleet }: { readonly fleet: Fleet | undefined }) {
  if (fleet === undefined || fleet.sources.length === 0) return null;
  return (
    <section class="card others">
      <h2>Where endpoints are looked for</h2>
      <VirtualList
        label="Where endpoints are looked for"
        count={fleet.sources.length}
        rowHeight={32}
        maxHeight={320}
        row={(i) => {
          const { name, health, lastError } = fleet.sources[i]!;
          return (
            <div class="row others-row">
              <StateWord state={health === 'down' ? 'failed' : 'good'} word={health} />
              <span class="mono small clip">{name}</span>
              <span class="muted small clip">{lastError}</span>
            </div>
          );
        }}
      />
    </section>
  );
}
