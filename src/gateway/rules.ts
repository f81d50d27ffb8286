import { createHash } from 'node:crypto';
import type { NotedList } from '../model/annotations.ts';
import type { RulesRequest } from '../backend/list-calls.ts';
import type { Annotation } from '../model/annotations.ts';
import { QueryError } from '../model/errors.ts';
import { Pacer } from '../model/pacer.ts';
import type { Alert, RuleGroup } from '../model/rules.ts';
import { invalidParameter } from './invalid-parameter.ts';
import { askWithin, readSelectors } from './lookup.ts';
import type { RequestScope } from '../model/request-scope.ts';
import { requireFewMatchers } from './request-limits.ts';
import type { GatewayContext } from './parts.ts';

export interface RulesQuery extends RulesRequest {
  /** On the labels of rules, external ones included; a rule must match one of them. Empty means no restriction. */
  readonly selectors: readonly string[];
  /** Most groups of one answer; undefined for all of them. */
  readonly groupLimit: number | undefined;
  /** Where the answer before ended; empty for the first one. Only with a limit. */
  readonly groupNextToken: string;
  /** Whether it is told what each replica says, where they differ. Undefined means false. */
  readonly showReplicas?: boolean | undefined;
}

export type AlertsQuery = Pick<RulesQuery, 'showReplicas'>;

export interface RulesPage {
  readonly groups: readonly RuleGroup[];
  /** Leads to the groups that follow; empty where there are none. */
  readonly nextToken: string;
  readonly annotations: readonly Annotation[];
}

/** The rule groups of all endpoints, sorted by file and name, page by page where that is asked for. */
export async function findRules(
  parts: GatewayContext,
  scope: RequestScope,
  query: RulesQuery,
): Promise<RulesPage> {
  const { items, annotations } = await askForRules(parts, scope, query);
  return { ...(await page(items, query, new Pacer(scope))), annotations };
}

/** The alerts of all endpoints that are pending or firing. */
export async function findAlerts(
  parts: GatewayContext,
  scope: RequestScope,
  { showReplicas }: AlertsQuery = {},
): Promise<NotedList<Alert>> {
  const all = { ruleNames: [], groupNames: [], files: [], selectors: [], excludeAlerts: false, showReplicas };
  const { items, annotations } = await askForRules(parts, scope, { ...all, type: 'alerting' }, true);
  const rules = items.flatMap((group) => group.rules);
  return { items: rules.flatMap((rule) => (rule.kind === 'alerting' ? rule.alerts : [])), annotations };
}

async function askForRules(
  parts: GatewayContext,
  scope: RequestScope,
  query: Omit<RulesQuery, 'groupLimit' | 'groupNextToken'>,
  onlyAlerts = false,
): Promise<NotedList<RuleGroup>> {
  const { type, ruleNames, groupNames, files, excludeAlerts, showReplicas } = query;
  requireFewMatchers(query.ruleNames, 'values of rule_name[]');
  requireFewMatchers(query.groupNames, 'values of rule_group[]');
  requireFewMatchers(query.files, 'values of file[]');
  const matcherSets = readSelectors(query.selectors, parts.features);
  const { alertExternalLabels } = parts.defaults;
  const wanted = { type, ruleNames, groupNames, files, excludeAlerts, matcherSets };
  const request = { ...wanted, onlyAlerts, alertExternalLabels, showReplicas };
  const ask = (bounded: RequestScope): Promise<NotedList<RuleGroup>> =>
    parts.selection.lists.rules(bounded, request);
  return askWithin(parts, scope, ask, 'rules lookup');
}

/** The token names the first group of the next page, so that pages stay right while other groups come and go. */
async function page(
  groups: readonly RuleGroup[],
  { groupLimit, groupNextToken }: RulesQuery,
  pacer: Pacer,
): Promise<Omit<RulesPage, 'annotations'>> {
  if (groupLimit === undefined) return { groups, nextToken: '' };
  const from = groupNextToken === '' ? 0 : await placeOf(groupNextToken, groups, pacer);
  if (from === -1) {
    const problem = `invalid group_next_token '${groupNextToken}'. were rule groups changed?`;
    throw invalidParameter('group_next_token', new QueryError('bad_data', problem));
  }
  const next = groups[from + groupLimit];
  return {
    groups: groups.slice(from, from + groupLimit),
    nextToken: next === undefined ? '' : tokenOf(next),
  };
}

/** -1 where no group has the token. */
async function placeOf(token: string, groups: readonly RuleGroup[], pacer: Pacer): Promise<number> {
  for (const [place, group] of groups.entries()) {
    if (tokenOf(group) === token) return place;
    if (pacer.due()) await pacer.breathe();
  }
  return -1;
}

/** As Prometheus makes it, so that pages of its clients go on here. */
function tokenOf({ file, name }: RuleGroup): string {
  return createHash('sha256').update(`${file};${name}`).digest('hex');
}
