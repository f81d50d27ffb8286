/** A key and what is wrong with it. */
export interface Problem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}
