/** A case that is known to fail, and why. One that passes all the same is reported, so that the list stays true. */
export interface NotYet {
  /** The script's file name. */
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

export const NOT_YET: readonly NotYet[] = [];
