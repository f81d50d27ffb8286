import type { ComponentChildren } from 'preact';
import type { HealthChangeJson } from '../../src/http/api/stores.ts';
import { Facts } from '../parts/facts.tsx';
import { Labels } from '../parts/labels.tsx';
import { ScrollX } from '../parts/scroll-x.tsx';
import { StateWord } from '../parts/state-word.tsx';
import { downSince } from '../state/endpoint-names.ts';
import type { FleetEndpoint, FleetShard } from '../state/fleet.ts';
import { millisecondsText, plural } from '../text/numbers.ts';
import { agoText, durationText, timeText } from '../text/time.ts';
import { kindText } from './gap-kinds.ts';
import { lostText, missingText } from './loss-text.ts';

interface Props {
  readonly endpoint: FleetEndpoint;
  /** Undefined where it is of none that is known. */
  readonly shard: FleetShard | undefined;
  /** A short name for the id of an endpoint. */
  readonly nameOf: (id: string) => string;
  readonly onClose: () => void;
}

/** All that is known of one endpoint. */
export function EndpointDetails({ endpoint, shard, nameOf, onClose }: Props) {
  const { store, kind, coverage } = endpoint;
  const { breaker } = store;
  const facts: readonly (readonly [string, ComponentChildren])[] = [
    [
      'Health',
      <StateWord key="health" state={store.health === 'up' ? 'good' : 'failed'} word={store.health} />,
    ],
    ...lossFacts(endpoint, shard),
    ['Last error', store.lastError ?? 'none'],
    ['Asked', agoText(Date.parse(store.lastCheck) / 1000)],
    ['Kind', kind],
    ['Protocol', store.protocol],
    ['Version', store.version],
    ['Labels', store.labelSets.map((labels, i) => <Labels key={i} labels={labels} />)],
    ['Time range', `${boundText(store.minTime)} – ${boundText(store.maxTime)}`],
    ['Calls', breaker === undefined ? '' : breakerText(breaker)],
    [
      'Usual time',
      typeof breaker?.usualSeconds === 'number' ? millisecondsText(breaker.usualSeconds) : 'not known yet',
    ],
    ['Targets', coverage?.targets === undefined ? 'not known' : plural(coverage.targets, 'target')],
    ['Coverage', coverage === undefined ? 'not known' : COVERAGE_WORDS[coverage.coverage]],
    ['Whole since', coverage?.wholeSince === undefined ? '' : timeText(coverage.wholeSince)],
    ['Problem', coverage?.problem ?? ''],
  ];
  return (
    <aside class="card details" aria-label={`Endpoint ${store.name}`}>
      <div class="row">
        <h2 class="grow mono breaks">{store.name}</h2>
        <button onClick={onClose}>Close</button>
      </div>
      <Facts facts={facts} />
      <HealthChanges changes={store.changes ?? []} />
      <Gaps coverage={coverage} nameOf={nameOf} />
    </aside>
  );
}

function lossFacts(
  endpoint: FleetEndpoint,
  shard: FleetShard | undefined,
): readonly (readonly [string, string])[] {
  const { store, coverage } = endpoint;
  const lost = coverage?.lostWithIt;
  if (store.health !== 'down') return [['If lost', lost === undefined ? '' : lostText(lost)]];
  const since = downSince(store);
  return [
    ['Down since', since === undefined ? '' : timeText(since)],
    ['Missing', shard === undefined ? 'not known' : missingText(endpoint, shard)],
  ];
}

/** As many as are looked at; the API tells some more. */
const MOST_CHANGES = 10;

/** When it came and went, the newest first. */
function HealthChanges({ changes }: { readonly changes: readonly HealthChangeJson[] }) {
  if (changes.length === 0) return null;
  const times = changes.map(({ since }) => Date.parse(since) / 1000);
  const rows = changes.map(({ health }, i) => ({ health, since: times[i]!, until: times[i + 1] }));
  return (
    <section class="stack-4">
      <h3>Health since the gateway started</h3>
      <ul class="small">
        {rows
          .toReversed()
          .slice(0, MOST_CHANGES)
          .map(({ health, since, until }) => (
            <li key={since}>
              <StateWord state={health === 'up' ? 'good' : 'failed'} word={health} /> {timeText(since)}
              {until === undefined ? ' until now' : ` for ${durationText(until - since, 2)}`}
            </li>
          ))}
      </ul>
      {rows.length > MOST_CHANGES && (
        <p class="small muted">{plural(rows.length - MOST_CHANGES, 'older change')} are not shown.</p>
      )}
    </section>
  );
}

const COVERAGE_WORDS = { whole: 'whole', lacks: 'has gaps', unknown: 'not known' } as const;

function breakerText({ state, since, reason }: NonNullable<FleetEndpoint['store']['breaker']>): string {
  const when = since === null ? '' : ` since ${timeText(Date.parse(since) / 1000)}`;
  return `${state === 'closed' ? 'made as usual' : state}${when}${reason === null ? '' : `: ${reason}`}`;
}

/** The API gives the ends of int64 where there is no bound. */
function boundText(ms: number): string {
  if (ms <= -9e15) return 'always';
  return ms >= 9e15 ? 'now' : timeText(ms / 1000);
}

function Gaps({ coverage, nameOf }: Pick<FleetEndpoint, 'coverage'> & Pick<Props, 'nameOf'>) {
  const { holes = [], notShown = 0 } = coverage?.holes ?? {};
  if (holes.length === 0) return <p class="small muted">No gaps are known.</p>;
  const heldBy = new Map(coverage?.lacks?.holes.map((hole) => [hole.start, hole.heldBy ?? []]));
  return (
    <ScrollX label="Gaps">
      <table>
        <thead>
          <tr>
            <th>From</th>
            <th>To</th>
            <th>It</th>
            <th class="number">Targets</th>
            <th>Held by</th>
          </tr>
        </thead>
        <tbody>
          {holes.toReversed().map(({ start, end, kind, targets }) => (
            <tr key={`${start} ${end} ${kind}`}>
              <td class="no-break">{timeText(start)}</td>
              <td>{timeText(end, 'time')}</td>
              <td class="no-break">{kindText(kind)}</td>
              <td class="number">{targets}</td>
              <td class="small breaks">
                {heldBy
                  .get(start)
                  ?.map((id) => nameOf(id))
                  .join(', ') ?? 'none'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {notShown > 0 && <p class="small muted">{plural(notShown, 'more gap')} are not shown.</p>}
    </ScrollX>
  );
}
