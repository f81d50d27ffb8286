import type {
  Alert,
  AlertingRule,
  RecordingRule,
  ReplicaAlert,
  ReplicaRule,
  Rule,
  RuleGroup,
} from '../../../model/rules.ts';
import type {
  AlertingRuleJson,
  AlertJson,
  LastRunJson,
  RecordingRuleJson,
  ReplicaAlertJson,
  ReplicaRuleJson,
  RuleGroupJson,
} from '../../api/rules.ts';
import { encodeInstant } from '../../json/scalars.ts';
import { encodeLabels, encodeString } from '../../json/text.ts';
import {
  encodeItems,
  encodeList,
  encodeListOf,
  encodeObject,
  encodePieces,
  type Members,
  type PieceMembers,
} from '../../json/object.ts';
import { encodeReplicaName } from '../replica-name.ts';

/**
 * Groups as `/api/v1/rules` shows them, in pieces: one may have very many rules, and a rule very many alerts. The list of alerts is null
 * where they are left out (web/api/v1 `RuleGroup`).
 */
export function* encodeRuleGroups(groups: Iterable<RuleGroup>, showAlerts: boolean): Generator<string> {
  yield* encodeListOf(groups, (group) => encodeRuleGroup(group, showAlerts));
}

function* encodeRuleGroup(group: RuleGroup, showAlerts: boolean): Generator<string> {
  yield* encodePieces({
    name: encodeString(group.name),
    file: encodeString(group.file),
    rules: encodeListOf(group.rules, (rule) => encodeRule(rule, showAlerts)),
    interval: String(group.interval),
    limit: String(group.limit),
    evaluationTime: String(group.evaluationTime),
    lastEvaluation: encodeInstant(group.lastEvaluation),
  } satisfies PieceMembers<RuleGroupJson>);
}

function* encodeRule(rule: Rule, showAlerts: boolean): Generator<string> {
  switch (rule.kind) {
    case 'recording':
      yield encodeRecording(rule);
      return;
    case 'alerting':
      yield* encodeAlerting(rule, showAlerts);
  }
}

function encodeRecording(rule: RecordingRule): string {
  return encodeObject({
    name: encodeString(rule.name),
    query: encodeString(rule.query),
    labels: encodeLabels(rule.labels),
    ...lastRun(rule, false),
    type: '"recording"',
  } satisfies Members<RecordingRuleJson>);
}

function encodeAlerting(rule: AlertingRule, showAlerts: boolean): Generator<string> {
  return encodePieces({
    state: encodeString(rule.state),
    name: encodeString(rule.name),
    query: encodeString(rule.query),
    duration: String(rule.duration),
    keepFiringFor: String(rule.keepFiringFor),
    labels: encodeLabels(rule.labels),
    annotations: encodeLabels(rule.annotations),
    alerts: showAlerts ? encodeList(rule.alerts, encodeAlert) : 'null',
    ...lastRun(rule, showAlerts),
    type: '"alerting"',
  } satisfies PieceMembers<AlertingRuleJson>);
}

function lastRun(rule: Rule, showAlerts: boolean): Members<LastRunJson> {
  return {
    health: encodeString(rule.health),
    lastError: rule.lastError === '' ? undefined : encodeString(rule.lastError),
    evaluationTime: String(rule.evaluationTime),
    lastEvaluation: encodeInstant(rule.lastEvaluation),
    replicas: rule.replicas && encodeItems(rule.replicas, (one) => encodeReplicaRule(one, showAlerts)),
  };
}

function encodeReplicaRule(replica: ReplicaRule, showAlerts: boolean): string {
  const { health, lastError, state, activeAlerts } = replica;
  return encodeObject({
    ...encodeReplicaName(replica),
    health: encodeString(health),
    lastError: lastError === '' ? undefined : encodeString(lastError),
    state: state === undefined ? undefined : encodeString(state),
    activeAlerts: showAlerts && activeAlerts !== undefined ? String(activeAlerts) : undefined,
  } satisfies Members<ReplicaRuleJson>);
}

function encodeReplicaAlert(replica: ReplicaAlert): string {
  return encodeObject({
    ...encodeReplicaName(replica),
    state: encodeString(replica.state),
  } satisfies Members<ReplicaAlertJson>);
}

export function encodeAlert(alert: Alert): string {
  const { activeAt, keepFiringSince } = alert;
  return encodeObject({
    labels: encodeLabels(alert.labels),
    annotations: encodeLabels(alert.annotations),
    state: encodeString(alert.state),
    activeAt: activeAt === undefined ? undefined : encodeInstant(activeAt),
    keepFiringSince: keepFiringSince === undefined ? undefined : encodeInstant(keepFiringSince),
    value: encodeString(alert.value),
    replicas: alert.replicas && encodeItems(alert.replicas, encodeReplicaAlert),
  } satisfies Members<AlertJson>);
}
