import type { Instant } from './instant.ts';
import type { Labels } from './labels.ts';
import type { ReplicaName } from './replica-name.ts';

/** A group of rules as a server last evaluated it. Durations in seconds, as Prometheus' API tells them. */
export interface RuleGroup {
  readonly name: string;
  readonly file: string;
  /** In the order of the file. */
  readonly rules: readonly Rule[];
  readonly interval: number;
  /** Most series or alerts that a rule may make; 0 means no limit. */
  readonly limit: number;
  readonly evaluationTime: number;
  readonly lastEvaluation: Instant;
}

/** Name, value, name, value …, sorted by name. Other than those of labels, values may be empty. */
export type RuleAnnotations = readonly string[];

export type Rule = RecordingRule | AlertingRule;

interface CommonRule {
  readonly name: string;
  readonly query: string;
  readonly labels: Labels;
  /** `ok`, `err` or `unknown`. */
  readonly health: string;
  /** Empty where there is none. */
  readonly lastError: string;
  readonly evaluationTime: number;
  readonly lastEvaluation: Instant;
  /** What each replica says, where they differ and this was asked for. */
  readonly replicas?: readonly ReplicaRule[] | undefined;
}

/** What one replica says of a rule. */
export interface ReplicaRule extends ReplicaName {
  readonly health: string;
  readonly lastError: string;
  /** Both are undefined for a recording rule. */
  readonly state?: AlertState | undefined;
  readonly activeAlerts?: number | undefined;
}

export interface RecordingRule extends CommonRule {
  readonly kind: 'recording';
}

export interface AlertingRule extends CommonRule {
  readonly kind: 'alerting';
  readonly state: AlertState;
  readonly duration: number;
  readonly keepFiringFor: number;
  readonly annotations: RuleAnnotations;
  readonly alerts: readonly Alert[];
}

/** From the least to the most urgent one. `unknown`: the rule was not evaluated yet. */
export const ALERT_STATES = ['unknown', 'inactive', 'pending', 'firing'] as const;

export type AlertState = (typeof ALERT_STATES)[number];

export interface Alert {
  readonly labels: Labels;
  readonly annotations: RuleAnnotations;
  readonly state: AlertState;
  /** Undefined where the server does not say. */
  readonly activeAt: Instant | undefined;
  readonly keepFiringSince: Instant | undefined;
  /** As the server wrote it, for example `1e+00`. */
  readonly value: string;
  /** What each replica says, where they differ and this was asked for. */
  readonly replicas?: readonly ReplicaAlert[] | undefined;
}

/** What one replica says of an alert: `inactive` where it has none. */
export interface ReplicaAlert extends ReplicaName {
  readonly state: AlertState;
}
