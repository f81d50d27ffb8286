/** What `--enable-feature` changes in the evaluation, by the names of Prometheus. */
export const EngineFeature = {
  delayedNameRemoval: 'promql-delayed-name-removal',
  typeAndUnitLabels: 'type-and-unit-labels',
  useStartTimestamps: 'use-start-timestamps',
  /** `stats=all` counts samples by step. */
  perStepStats: 'promql-per-step-stats',
} as const;
