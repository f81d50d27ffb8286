/** Jobs of the targets, in turn. */
export const JOBS = ['api', 'web', 'db', 'cache'] as const;
