/** What calls of Thanos' Query service have that wish for nothing special, beside the query and its times. */
export const PLAIN_QUERY = {
  queryPlan: undefined,
  timeoutSeconds: 0,
  maxResolutionSeconds: 0,
  replicaLabels: [],
  storeMatchers: [],
  enableDedup: true,
  enablePartialResponse: true,
  skipChunks: false,
  shardInfo: undefined,
  lookbackDeltaSeconds: 0,
  engine: 0,
  responseBatchSize: 0,
} as const;
