import type { HolesJson } from '../../src/http/api/coverage.ts';
import { downSince } from '../state/endpoint-names.ts';
import type { FleetEndpoint, FleetShard } from '../state/fleet.ts';
import { plural } from '../text/numbers.ts';
import { shortTimeText } from '../text/short-time.ts';
import { timeText } from '../text/time.ts';

/** On the line of an endpoint: what is missing since it is down, or what would be if it were. */
export function lossText(endpoint: FleetEndpoint, shard: FleetShard): string {
  const { store, replica, coverage } = endpoint;
  const name = replica === '' ? 'it' : replica;
  if (store.health === 'down') {
    const since = downSince(store);
    return `${name} is down${since === undefined ? '' : ` since ${shortTimeText(since)}`}; ${missingText(endpoint, shard)}`;
  }
  const lost = coverage?.lostWithIt;
  return lost === undefined ? (coverage?.problem ?? 'not known') : `losing ${name}: ${lostText(lost)}`;
}

/** What is missing while an endpoint is down. */
export function missingText({ store, coverage }: FleetEndpoint, { state, endpoints }: FleetShard): string {
  const lost = coverage?.lostWithIt;
  if (state === 'failed') return 'all of the shard is missing';
  if (lost === undefined) return 'what is missing is not known';
  if (lost === 'all') return 'all that it has is missing';
  if (lost.holes.length > 0) return lackText(lost);
  const isAlone = endpoints.every((each) => each.store === store || each.store.health !== 'down');
  return isAlone ? 'nothing is missing' : 'it alone has nothing that is missing';
}

/** What would be missing without an endpoint. */
export function lostText(lost: HolesJson | 'all'): string {
  if (lost === 'all') return 'all is lost';
  return lost.holes.length === 0 ? 'nothing is lost' : lackText(lost);
}

function lackText({ targets, holes, notShown }: HolesJson): string {
  const { start, end } = holes.at(-1)!;
  const count = `${notShown > 0 ? 'more than ' : ''}${holes.length}`;
  return (
    `${plural(targets, 'target')} ${targets === 1 ? 'lacks' : 'lack'} samples` +
    `${count === '1' ? ',' : ` at ${count} times, last`} ${shortTimeText(start)} – ${timeText(end, 'time')}`
  );
}

/** Since when no endpoint of a shard is up, s; undefined where that was not seen. */
export function allDownSince({ endpoints }: FleetShard): number | undefined {
  const last = Math.max(...endpoints.map(({ store }) => downSince(store) ?? NaN));
  return Number.isNaN(last) ? undefined : last;
}
