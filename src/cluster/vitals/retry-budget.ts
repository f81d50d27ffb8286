/** Retries for each call: a tenth of what is asked anyway. */
const SHARE = 0.1;
/** So many retries are saved up at most, and there at the start. */
const MOST_SAVED = 10;

/** What may be asked again of one endpoint, so that one in trouble is not asked twice as much. */
export class RetryBudget {
  #saved = MOST_SAVED;

  /** A call was made that is no retry. */
  earn(): void {
    this.#saved = Math.min(MOST_SAVED, this.#saved + SHARE);
  }

  /** False where no retry may be made now. */
  take(): boolean {
    // Tenths that are added up are a little less than their sum.
    if (this.#saved < 1 - SHARE / 2) return false;
    this.#saved -= 1;
    return true;
  }
}
