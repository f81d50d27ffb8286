import type { LabelsJson } from './envelope.ts';
import type { ReplicaNameJson } from './replica-name.ts';

/** What `/api/v1/rules` answers with. Times are RFC 3339, durations seconds. */
export type RulesJson = { readonly groups: readonly RuleGroupJson[] };

export type RuleGroupJson = {
  readonly name: string;
  readonly file: string;
  readonly rules: readonly RuleJson[];
  readonly interval: number;
  readonly limit: number;
  readonly evaluationTime: number;
  readonly lastEvaluation: string;
};

export type RuleJson = RecordingRuleJson | AlertingRuleJson;

/** How the newest evaluation went. */
export type LastRunJson = {
  readonly health: string;
  readonly lastError?: string;
  readonly evaluationTime: number;
  readonly lastEvaluation: string;
  /** Where replicas differ, and `show_replicas` asks for it. */
  readonly replicas?: readonly ReplicaRuleJson[];
};

export type ReplicaRuleJson = ReplicaNameJson & {
  readonly health: string;
  readonly lastError?: string;
  /** Of an alerting rule. */
  readonly state?: string;
  /** Of an alerting rule, where alerts were asked for. */
  readonly activeAlerts?: number;
};

/** Says that an alert is `inactive` where the replica has none. */
export type ReplicaAlertJson = ReplicaNameJson & { readonly state: string };

export type RecordingRuleJson = LastRunJson & {
  readonly name: string;
  readonly query: string;
  readonly labels: LabelsJson;
  readonly type: 'recording';
};

export type AlertingRuleJson = LastRunJson & {
  readonly state: string;
  readonly name: string;
  readonly query: string;
  readonly duration: number;
  readonly keepFiringFor: number;
  readonly labels: LabelsJson;
  readonly annotations: LabelsJson;
  /** Null where they were not asked for. */
  readonly alerts: readonly AlertJson[] | null;
  readonly type: 'alerting';
};

/** What `/api/v1/alerts` answers with. */
export type AlertsJson = { readonly alerts: readonly AlertJson[] };

export type AlertJson = {
  readonly labels: LabelsJson;
  readonly annotations: LabelsJson;
  readonly state: string;
  readonly activeAt?: string;
  readonly keepFiringSince?: string;
  readonly value: string;
  /** Where replicas differ, and `show_replicas` asks for it. */
  readonly replicas?: readonly ReplicaAlertJson[];
};
