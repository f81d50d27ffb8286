import type { RequestScope } from '../model/request-scope.ts';
import type { NotedAlertmanagers } from '../select/lists/merged-lists.ts';
import { askWithin } from './lookup.ts';
import type { GatewayContext } from './parts.ts';

/** To which Alertmanagers the servers send alerts. */
export async function findAlertmanagers(
  parts: GatewayContext,
  scope: RequestScope,
): Promise<NotedAlertmanagers> {
  const ask = (bounded: RequestScope): Promise<NotedAlertmanagers> =>
    parts.selection.lists.alertmanagers(bounded);
  return askWithin(parts, scope, ask, 'Alertmanagers lookup');
}
