/** Where a gateway says what is missing from an answer whose format has no place for that: a list of JSON, in lower case as Node has it. */
export const WARNINGS_HEADER = 'x-promweave-warnings';
