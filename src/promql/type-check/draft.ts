/** A node between parser and publication: the type check may still fill in what depends on types. */
export type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** Ends the check with an error about the text at a UTF-16 offset. */
export type Fail = (offset: number, problem: string) => never;
