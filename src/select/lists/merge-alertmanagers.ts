import type { Alertmanagers } from '../../model/alertmanagers.ts';
import { compareStrings } from '../../model/compare-strings.ts';

/** One list of the Alertmanagers of many servers, each once, sorted. One to which any server sends alerts is not dropped. */
export function mergeAlertmanagers(lists: readonly Alertmanagers[]): Alertmanagers {
  const active = new Set(lists.flatMap((list) => list.active));
  const dropped = new Set(lists.flatMap((list) => list.dropped).filter((url) => !active.has(url)));
  return { active: [...active].sort(compareStrings), dropped: [...dropped].sort(compareStrings) };
}
