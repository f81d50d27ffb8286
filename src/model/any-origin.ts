/** The pattern of the origins of pages that all may read answers; answers then do not name an origin. */
export const ANY_ORIGIN = '.*';
