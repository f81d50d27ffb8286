/** Queries and reads of raw samples: what counts as a query in metrics. */
export const COUNTED_FAMILIES = ['instant', 'range', 'federate', 'read', 'export'] as const;

export type CountedFamily = (typeof COUNTED_FAMILIES)[number];

/** What asks endpoints for samples: besides these, reads of a querier above, and explanations. */
export type QueryFamily = CountedFamily | 'series' | 'explain';
