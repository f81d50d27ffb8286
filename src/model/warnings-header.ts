/** Where a gateway says what is missing from an answer whose format has no place for that: a list of JSON, in lower case as Node has it. */
export const WARNINGS_HEADER = 'x-promweave-warnings';

/**
 * Says that all of it stands under {@link WARNINGS_HEADER} behind the body, as a trailer, since more may turn out while the body is made.
 * A header of its own, because what stands between may leave out a trailer and the header that announces it.
 */
export const WARNINGS_FOLLOW_HEADER = 'x-promweave-warnings-follow';
