import type { ReplicaName } from '../../model/replica-name.ts';
import type { ReplicaNameJson } from '../api/replica-name.ts';
import type { Members } from '../json/object.ts';
import { encodeLabels, encodeString } from '../json/text.ts';
import type { Parameter } from '../openapi/operation.ts';
import { parameter } from '../openapi/parameters.ts';
import { BOOLEAN, list, object, ref, STRING, type Schema } from '../openapi/schema.ts';
import type { Form } from '../parameters/form.ts';
import { parseBoolean, readOptional } from '../parameters/read-parameter.ts';

/** Whether it is told what each replica says. Only who asks is told, so others have the answers of Prometheus and no more. */
export const SHOW_REPLICAS: Parameter = parameter(
  'show_replicas',
  'Whether it is told what each replica says, where they differ.',
  BOOLEAN,
);

export function readShowReplicas(form: Form): boolean | undefined {
  return readOptional(form, 'show_replicas', parseBoolean);
}

/** What replicas say, where it is said beside these members. */
export function replicasOf(members: Readonly<Record<string, Schema>>): Schema {
  return list(object({ endpoint: STRING, labels: ref('Labels'), ...members }));
}

export function encodeReplicaName({ endpoint, labels }: ReplicaName): Members<ReplicaNameJson> {
  return { endpoint: encodeString(endpoint), labels: encodeLabels(labels) };
}
