import type { Instant } from '../../model/instant.ts';
import type { Pace } from '../../model/pacer.ts';
import type { Labels } from '../../model/labels.ts';
import { decodeRequest } from '../protobuf/decode-request.ts';
import {
  double,
  enumeration,
  int64,
  optional,
  optionalString,
  repeated,
  string,
  strings,
} from '../protobuf/field-codecs.ts';
import {
  decodeMessage,
  encodeMessage,
  encodePaced,
  messageCodec,
  type TableCodec,
} from '../protobuf/message-codec.ts';
import { annotationSet, labelSet } from './label-set.ts';
import { optionalTimestamp, timestamp } from './timestamp.ts';

/** thanos.RulesRequest.Type. */
export const RuleType = { all: 0, alert: 1, record: 2 } as const;

/** thanos.AlertState. */
export const AlertState = { unknown: 0, inactive: 1, pending: 2, firing: 3 } as const;

export interface RulesRequest {
  /** A number of {@link RuleType}. */
  readonly type: number;
  readonly partialResponseStrategy: number;
  /** Selectors such as `{severity="page"}`. */
  readonly matcherString: readonly string[];
  readonly ruleName: readonly string[];
  readonly ruleGroup: readonly string[];
  readonly file: readonly string[];
}

/** One of the two is set. */
export interface RulesResponse {
  readonly group: RuleGroup | undefined;
  readonly warning: string | undefined;
}

/** Durations in seconds. */
export interface RuleGroup {
  readonly name: string;
  readonly file: string;
  readonly rules: readonly Rule[];
  readonly interval: number;
  readonly evaluationDurationSeconds: number;
  readonly lastEvaluation: Instant;
  readonly partialResponseStrategy: number;
  readonly limit: number;
}

/** One of the two is set. */
export interface Rule {
  readonly recording: RecordingRule | undefined;
  readonly alert: AlertingRule | undefined;
}

interface EvaluatedRule {
  readonly name: string;
  readonly query: string;
  readonly labels: Labels;
  readonly health: string;
  readonly lastError: string;
  readonly evaluationDurationSeconds: number;
  readonly lastEvaluation: Instant;
}

export type RecordingRule = EvaluatedRule;

export interface AlertingRule extends EvaluatedRule {
  /** A number of {@link AlertState}: the gravest of its instances. */
  readonly state: number;
  readonly durationSeconds: number;
  readonly annotations: readonly string[];
  readonly alerts: readonly AlertInstance[];
  readonly keepFiringForSeconds: number;
}

export interface AlertInstance {
  readonly labels: Labels;
  readonly annotations: readonly string[];
  readonly state: number;
  readonly activeAt: Instant | undefined;
  readonly value: string;
  readonly partialResponseStrategy: number;
}

const RULES_REQUEST = messageCodec<RulesRequest>({
  type: enumeration(1),
  partialResponseStrategy: enumeration(2),
  matcherString: strings(3),
  ruleName: strings(4),
  ruleGroup: strings(5),
  file: strings(6),
});

const ALERT_INSTANCE = messageCodec<AlertInstance>({
  labels: labelSet(1),
  annotations: annotationSet(2),
  state: enumeration(3),
  activeAt: optionalTimestamp(4),
  value: string(5),
  partialResponseStrategy: enumeration(6),
});

const ALERTING_RULE = messageCodec<AlertingRule>({
  state: enumeration(1),
  name: string(2),
  query: string(3),
  durationSeconds: double(4),
  labels: labelSet(5),
  annotations: annotationSet(6),
  alerts: repeated(7, ALERT_INSTANCE),
  health: string(8),
  lastError: string(9),
  evaluationDurationSeconds: double(10),
  lastEvaluation: timestamp(11),
  keepFiringForSeconds: double(12),
});

const RECORDING_RULE = messageCodec<RecordingRule>({
  name: string(1),
  query: string(2),
  labels: labelSet(3),
  health: string(4),
  lastError: string(5),
  evaluationDurationSeconds: double(6),
  lastEvaluation: timestamp(7),
});

export const RULES_RESPONSE: TableCodec<RulesResponse> = messageCodec<RulesResponse>({
  group: optional(
    1,
    messageCodec<RuleGroup>({
      name: string(1),
      file: string(2),
      rules: repeated(
        3,
        messageCodec<Rule>({ recording: optional(1, RECORDING_RULE), alert: optional(2, ALERTING_RULE) }),
      ),
      interval: double(4),
      evaluationDurationSeconds: double(5),
      lastEvaluation: timestamp(6),
      partialResponseStrategy: enumeration(8),
      limit: int64(9),
    }),
  ),
  warning: optionalString(2),
});

export function encodeRulesRequest(request: RulesRequest): Uint8Array {
  return encodeMessage(RULES_REQUEST, request);
}

/** Throws MessageFormatError, as does the other. */
export function decodeRulesRequest(bytes: Uint8Array): RulesRequest {
  return decodeRequest(RULES_REQUEST, bytes);
}

export function encodeRulesResponse(response: RulesResponse): Uint8Array {
  return encodeMessage(RULES_RESPONSE, response);
}

/** The same for a group, which may have very many rules and alerts: gives way inside. */
export async function encodeGroup(group: RuleGroup, pace: Pace): Promise<Uint8Array> {
  return encodePaced(RULES_RESPONSE, { group, warning: undefined }, pace);
}

export function decodeRulesResponse(bytes: Uint8Array): RulesResponse {
  return decodeMessage(RULES_RESPONSE, bytes);
}
