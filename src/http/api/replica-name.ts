import type { LabelsJson } from './envelope.ts';

/** Which replica says something. */
export type ReplicaNameJson = {
  /** As `/api/v1/stores` names it. */
  readonly endpoint: string;
  /** Those that tell replicas apart. */
  readonly labels: LabelsJson;
};
