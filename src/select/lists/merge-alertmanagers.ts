import type { Alertmanagers } from '../../model/alertmanagers.ts';
import { compareStrings } from '../../model/compare-strings.ts';
import { sortPaced } from '../../model/paced-sort.ts';
import type { Pacer } from '../../model/pacer.ts';

/** One list of the Alertmanagers of many servers, each once, sorted. One to which any server sends alerts is not dropped. */
export async function mergeAlertmanagers(
  lists: readonly Alertmanagers[],
  pacer: Pacer,
): Promise<Alertmanagers> {
  const active = new Set<string>();
  const dropped = new Set<string>();
  for (const list of lists) await pacer.forEach(list.active, (url) => void active.add(url));
  for (const list of lists)
    await pacer.forEach(list.dropped, (url) => {
      if (!active.has(url)) dropped.add(url);
    });
  return {
    active: await sortPaced([...active], compareStrings, pacer),
    dropped: await sortPaced([...dropped], compareStrings, pacer),
  };
}
