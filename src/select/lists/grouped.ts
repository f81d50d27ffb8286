import type { Pacer } from '../../model/pacer.ts';

/** The items by their keys, in the order in which the keys turn up, giving way on the way. */
export async function groupPaced<T>(
  items: Iterable<T>,
  keyOf: (item: T) => string,
  pacer: Pacer,
): Promise<ReadonlyMap<string, readonly T[]>> {
  const groups = new Map<string, T[]>();
  await pacer.forEach(items, (item) => {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  });
  return groups;
}
