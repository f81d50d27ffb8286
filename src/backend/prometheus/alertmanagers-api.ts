import type { Alertmanagers } from '../../model/alertmanagers.ts';
import { type JsonObject, listOf, objectOf, textOf } from './json-fields.ts';

/** Reads `/api/v1/alertmanagers`. */
export function readAlertmanagers(data: unknown): Alertmanagers {
  const answer = objectOf(data, 'Alertmanagers');
  return { active: urlsOf(answer, 'activeAlertmanagers'), dropped: urlsOf(answer, 'droppedAlertmanagers') };
}

function urlsOf(answer: JsonObject, name: string): readonly string[] {
  return listOf(answer, name, 'Alertmanagers').map((one) => textOf(one, 'url'));
}
