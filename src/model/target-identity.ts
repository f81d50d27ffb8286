/** The labels that every scraped target has, and all of its series, unless they are relabelled. */
export const TARGET_IDENTITY = ['instance', 'job'] as const;
