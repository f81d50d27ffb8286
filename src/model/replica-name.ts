import type { Labels } from './labels.ts';

/** Who says something: a replica, by the id of the endpoint that told it and the labels that mark replicas. */
export interface ReplicaName {
  readonly endpoint: string;
  readonly labels: Labels;
}
