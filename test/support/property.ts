import fc from 'fast-check';

/**
 * How often a property is tried, and with which seed in `npm test`, where it is the same each time. A longer run sets
 * `SEED`, which gives every property another seed, and `RUNS`, so many times as many trials.
 */
export interface Trials {
  readonly seed: number;
  /** 100 where it is left out. */
  readonly numRuns?: number;
  /** Reports the first failure as it is: for properties whose failures take too long to make smaller. */
  readonly endOnFailure?: boolean;
}

type Environment = Readonly<Partial<Record<'SEED' | 'RUNS', string>>>;

/** Throws an error with the smallest failure that was found, and with how to see it again. */
export function assertProperty<Ts>(property: fc.IAsyncProperty<Ts>, trials: Trials): Promise<void>;
export function assertProperty<Ts>(property: fc.IProperty<Ts>, trials: Trials): void;
export function assertProperty<Ts>(property: fc.IRawProperty<Ts>, trials: Trials): Promise<void> | void {
  const { seed, numRuns } = resolveTrials(trials, process.env);
  const reporter = (details: fc.RunDetails<Ts>): void => {
    if (!details.failed) return;
    throw new Error(`${fc.defaultReportMessage(details)}\n${howToRepeat(process.env)}`, {
      cause: details.errorInstance,
    });
  };
  return fc.assert(property as fc.IProperty<Ts>, {
    seed,
    numRuns,
    endOnFailure: trials.endOnFailure ?? false,
    reporter,
  });
}

/** `numRuns` values, the same each time as long as the environment does not say otherwise. */
export function sampled<T>(arbitrary: fc.Arbitrary<T>, trials: Trials): T[] {
  return fc.sample(arbitrary, resolveTrials(trials, process.env));
}

/** The seed and the number of trials under an environment. Throws a RangeError where that is no whole number. */
export function resolveTrials(
  { seed, numRuns = 100 }: Trials,
  { SEED, RUNS = '1' }: Environment,
): { readonly seed: number; readonly numRuns: number } {
  const times = wholeNumber('RUNS', RUNS);
  const mixed = SEED === undefined ? seed : mix(wholeNumber('SEED', SEED), seed);
  return { seed: mixed, numRuns: numRuns * times };
}

/** What a failure tells its reader to do, as a sentence. */
export function howToRepeat({ SEED, RUNS = '1' }: Environment): string {
  return SEED === undefined
    ? 'The seed of this test is fixed: it fails the same way each time.'
    : `SEED=${SEED} RUNS=${RUNS} npm run test:long -- FILE fails the same way again, where FILE is the file of this test.`;
}

function wholeNumber(name: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new RangeError(`${name} is a whole number from 1 to 999999999, not "${text}"`);
  return Number(text);
}

/** Every property draws other values, also where two have the same seed plus one (the finalizer of MurmurHash3). */
function mix(run: number, property: number): number {
  let h = Math.imul(run, 0x9e3779b1) ^ property;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
