import type { EndpointCoverageJson } from '../../src/http/api/coverage.ts';
import { StateWord } from '../parts/state-word.tsx';
import type { FleetEndpoint, FleetShard } from '../state/fleet.ts';
import { seriesText, valuesText } from '../text/labels.ts';
import { millisecondsText, plural } from '../text/numbers.ts';
import { agoText, timeText } from '../text/time.ts';
import { CoverageStrip } from './coverage-strip.tsx';

interface Props {
  readonly shard: FleetShard;
  readonly chosen: string;
  readonly onChoose: (name: string) => void;
}

/** More than these would fill the page with one shard. */
export const MOST_REPLICAS = 12;

/** A shard: its state, its replicas with the time in which each scraped its targets, and what would be lost with each. */
export function ShardRow({
  shard: { labels, state, endpoints, range, targets, missing },
  chosen,
  onChoose,
}: Props) {
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
        {missing !== undefined && missing.holes.length > 0 && (
          <span class="small is-missing clip">
            nobody has {plural(missing.targets, 'target')} since {timeText(missing.holes.at(-1)!.start)}
          </span>
        )}
        {range !== undefined && (
          <span class="muted small shard-range">
            {timeText(range.start)} – {timeText(range.end)}
          </span>
        )}
      </div>
      {shown.map((endpoint) => (
        <ReplicaLine
          key={endpoint.store.name}
          endpoint={endpoint}
          range={range}
          targets={targets}
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

function ReplicaLine({
  endpoint: { store, replica, coverage },
  range,
  targets,
  isChosen,
  onChoose,
}: {
  readonly endpoint: FleetEndpoint;
  readonly range: FleetShard['range'];
  readonly targets: number;
  readonly isChosen: boolean;
  readonly onChoose: (name: string) => void;
}) {
  const { health, breaker, name } = store;
  const usual = breaker?.usualSeconds;
  return (
    <button class="plain replica-line" aria-pressed={isChosen} onClick={() => onChoose(name)}>
      <StateWord
        state={stateOf(health, breaker?.state)}
        word={replica === '' ? health : replica}
        title={health}
      />
      <CoverageStrip coverage={coverage} range={range} targets={targets} />
      <span class="small muted replica-facts replica-latency">
        {typeof usual === 'number' ? millisecondsText(usual) : ''}
      </span>
      <span class="small muted replica-facts">
        {coverage?.knownUntil === undefined ? 'unknown' : agoText(coverage.knownUntil)}
      </span>
      <span class="small clip replica-loss" title={lossText(replica, coverage)}>
        {lossText(replica, coverage)}
      </span>
    </button>
  );
}

function stateOf(health: string, breaker: string | undefined): string {
  if (health === 'down') return 'failed';
  return breaker === 'open' || breaker === 'slow' || health !== 'up' ? 'missing' : 'good';
}

/** What would be lost with it now. */
function lossText(replica: string, coverage: EndpointCoverageJson | undefined): string {
  const lost = coverage?.lostWithIt;
  const name = replica === '' ? 'it' : replica;
  if (lost === undefined) return coverage?.problem ?? 'not known';
  if (lost === 'all') return `losing ${name}: all is lost`;
  const newest = lost.holes.at(-1);
  if (newest === undefined) return `losing ${name}: nothing is lost`;
  return `losing ${name}: ${plural(lost.targets, 'target')}, ${plural(lost.holes.length + lost.notShown, 'gap')} up to ${timeText(newest.end, 'time')}`;
}
