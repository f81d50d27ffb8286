/** Tells whether a label value matches; an absent label counts as the empty string. */
export type ValuePredicate = (value: string) => boolean;
