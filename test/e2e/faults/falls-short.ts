/**
 * The rows that do not hold yet, with what was seen of each. `npm run faults` runs them all the same, and fails; take a row out where it holds.
 */
export const FALLS_SHORT: Readonly<Record<string, string>> = {};
