import type { StoreJson } from '../../src/http/api/stores.ts';
import type { Fleet } from './fleet.ts';

export interface EndpointName {
  /** Such as `eu/a`. */
  readonly name: string;
  readonly id: string;
  /** Since when it is down, s. */
  readonly downSince: number | undefined;
}

/** Short names of endpoints by their id. Those that have none of their own are left out. */
export function namesOf({ shards }: Fleet): ReadonlyMap<string, EndpointName> {
  const named = shards.flatMap(({ labels, endpoints }) => {
    const values = Object.values(labels);
    return endpoints
      .filter(({ replica }) => replica !== '' && values.length > 0)
      .map(({ store, replica }) => ({
        id: store.name,
        names: [`${values.at(-1)}/${replica}`, `${values.join(' ')}/${replica}`],
        downSince: downSince(store),
      }));
  });
  const counts = new Map<string, number>();
  for (const { names } of named)
    for (const name of new Set(names)) counts.set(name, (counts.get(name) ?? 0) + 1);
  const found = new Map<string, EndpointName>();
  for (const { names, ...rest } of named) {
    const name = names.find((each) => counts.get(each) === 1);
    if (name !== undefined) found.set(rest.id, { name, ...rest });
  }
  return found;
}

/** Since when it is down, s; undefined where it is not, or that was not seen. */
export function downSince({ health, changes }: StoreJson): number | undefined {
  const last = changes?.at(-1);
  return health === 'down' && last?.health === 'down' ? Date.parse(last.since) / 1000 : undefined;
}
