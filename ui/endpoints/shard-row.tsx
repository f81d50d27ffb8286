import { StateWord } from '../parts/state-word.tsx';
import type { FleetEndpoint, FleetShard } from '../state/fleet.ts';
import { seriesText, valuesText } from '../text/labels.ts';
import { millisecondsText, plural } from '../text/numbers.ts';
import { shortTimeText } from '../text/short-time.ts';
import { agoText, timeText } from '../text/time.ts';
import { CoverageStrip } from './coverage-strip.tsx';
import { allDownSince, lossText } from './loss-text.ts';
import type { StripAxis } from './strip-axis.ts';

interface Props {
  readonly shard: FleetShard;
  /** Of the strips. */
  readonly axis: StripAxis | undefined;
  readonly chosen: string;
  readonly onChoose: (name: string) => void;
}

/** More than these would fill the page with one shard. */
export const MOST_REPLICAS = 12;

/** A shard: its state, its replicas with the time in which each scraped its targets, and what would be lost with each. */
export function ShardRow({ shard, axis, chosen, onChoose }: Props) {
  const { labels, state, endpoints, targets, missing } = shard;
  const shown = endpoints.slice(0, MOST_REPLICAS);
  return (
    <div class="shard">
      <div class="shard-head">
        <StateWord state={state} word={state === 'failed' ? 'down' : state} />
        <strong class="mono clip" title={seriesText(labels)}>
          <bdi class="wide-only">{seriesText(labels)}</bdi>
          <bdi class="narrow-only">{valuesText(labels)}</bdi>
        </strong>
        <span class="muted small no-break">{plural(targets, 'target')}</span>
        {state === 'failed' && <AllMissing since={allDownSince(shard)} />}
        {state !== 'failed' && missing !== undefined && missing.holes.length > 0 && (
          <span class="small is-missing clip">
            nobody has {plural(missing.targets, 'target')} since {timeText(missing.holes.at(-1)!.start)}
          </span>
        )}
      </div>
      {shown.map((endpoint) => (
        <ReplicaLine
          key={endpoint.store.name}
          endpoint={endpoint}
          shard={shard}
          axis={axis}
          isChosen={endpoint.store.name === chosen}
          onChoose={onChoose}
        />
      ))}
      {endpoints.length > shown.length && (
        <span class="muted small">
          {plural(endpoints.length - shown.length, 'more replica')}: search for its address
        </span>
      )}
    </div>
  );
}

function AllMissing({ since }: { readonly since: number | undefined }) {
  return (
    <span class="small is-failed clip">
      all of it is missing{since !== undefined && ` since ${shortTimeText(since)}`}
    </span>
  );
}

function ReplicaLine({
  endpoint,
  shard,
  axis,
  isChosen,
  onChoose,
}: {
  readonly endpoint: FleetEndpoint;
  readonly shard: FleetShard;
  readonly axis: StripAxis | undefined;
  readonly isChosen: boolean;
  readonly onChoose: (name: string) => void;
}) {
  const { store, replica, coverage } = endpoint;
  const { health, breaker, name } = store;
  const loss = lossText(endpoint, shard);
  const usual = breaker?.usualSeconds;
  return (
    <button class="plain replica-line" aria-pressed={isChosen} onClick={() => onChoose(name)}>
      <StateWord
        state={stateOf(health, breaker?.state)}
        word={replica === '' ? health : replica}
        title={health}
      />
      <CoverageStrip coverage={coverage} axis={axis} targets={shard.targets} />
      <span class="small muted replica-facts replica-latency">
        {typeof usual === 'number' ? millisecondsText(usual) : ''}
      </span>
      <span class="small muted replica-facts">
        {coverage?.knownUntil === undefined ? 'unknown' : agoText(coverage.knownUntil)}
      </span>
      <span class="small replica-loss" title={loss}>
        {loss}
      </span>
    </button>
  );
}

function stateOf(health: string, breaker: string | undefined): string {
  if (health === 'down') return 'failed';
  return breaker === 'open' || breaker === 'slow' || health !== 'up' ? 'missing' : 'good';
}
