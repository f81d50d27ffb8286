import type { Parameter } from '../../openapi/operation.ts';
import { parameter, SELECTORS } from '../../openapi/parameters.ts';
import { replicasOf, SHOW_REPLICAS } from '../replica-name.ts';
import {
  BOOLEAN,
  INTEGER,
  list,
  nullable,
  NUMBER,
  object,
  oneOfWords,
  ref,
  type Schema,
  STRING,
} from '../../openapi/schema.ts';

export const RULES_PARAMETERS: readonly Parameter[] = [
  parameter('type', 'Rules of which kind.', oneOfWords('alert', 'record')),
  parameter('exclude_alerts', 'Whether active alerts are left out.', BOOLEAN),
  parameter('rule_name[]', 'Names of rules.', list(STRING)),
  parameter('rule_group[]', 'Names of groups.', list(STRING)),
  parameter('file[]', 'Files of groups.', list(STRING)),
  parameter('group_limit', 'Most groups of one answer.', INTEGER),
  parameter('group_next_token', 'Where the answer goes on.', STRING),
  SELECTORS,
  SHOW_REPLICAS,
];

export const ALERT: Schema = object({
  labels: ref('Labels'),
  annotations: ref('Labels'),
  state: STRING,
  'activeAt?': ref('Instant'),
  'keepFiringSince?': ref('Instant'),
  value: STRING,
  'replicas?': replicasOf({ state: STRING }),
});

const RULE = object({
  name: STRING,
  query: STRING,
  labels: ref('Labels'),
  health: STRING,
  'lastError?': STRING,
  evaluationTime: NUMBER,
  lastEvaluation: ref('Instant'),
  type: oneOfWords('alerting', 'recording'),
  'state?': STRING,
  'duration?': NUMBER,
  'keepFiringFor?': NUMBER,
  'annotations?': ref('Labels'),
  'alerts?': nullable(list(ALERT)),
  'replicas?': replicasOf({
    health: STRING,
    'lastError?': STRING,
    'state?': STRING,
    'activeAlerts?': INTEGER,
  }),
});

export const RULE_GROUP: Schema = object({
  name: STRING,
  file: STRING,
  rules: list(RULE),
  interval: NUMBER,
  limit: INTEGER,
  evaluationTime: NUMBER,
  lastEvaluation: ref('Instant'),
});
