import type { LabelsJson } from './envelope.ts';

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
};

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
};
