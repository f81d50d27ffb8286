import { z } from 'zod';

/** What Go's yaml.v2 reads into a text: any scalar. Nothing is the empty text. */
export const goText: z.ZodType<string> = z
  .union([z.string(), z.number(), z.boolean(), z.null()], { error: 'must be a string' })
  .transform((value) => (value === null ? '' : String(value)));

/** What yaml.v2 takes for true and false (YAML 1.1). */
const WORDS: ReadonlyMap<unknown, boolean> = new Map([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'on', 'On', 'ON'].map((word) => [word, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'off', 'Off', 'OFF'].map((word) => [word, false] as const),
]);

/** @param usual where it is left out, or nothing stands there. */
export function goBoolean(usual: boolean): z.ZodType<boolean> {
  return z.preprocess(
    (value) => WORDS.get(value) ?? value ?? usual,
    z.boolean({ error: 'must be true or false' }),
  );
}

export const goInteger: z.ZodType<number> = z.preprocess(
  (value) => value ?? 0,
  z.int({ error: 'must be a whole number' }),
);

const UNITS_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};
const PART = String.raw`(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)`;
const DURATION = new RegExp(`^[+-]?(?:0|(?:${PART})+)$`);

/** A duration as Go's time.ParseDuration reads it, or a number of nanoseconds; ms. */
export const goDuration: z.ZodType<number> = z
  .union([z.int(), z.string(), z.null()], { error: 'must be a duration such as 100ms or 1s' })
  .transform((value, context) => {
    if (value === null) return 0;
    if (typeof value === 'number') return value * UNITS_MS['ns']!;
    if (!DURATION.test(value)) {
      context.addIssue(`${JSON.stringify(value)} is no duration; write for example 100ms or 1s`);
      return z.NEVER;
    }
    let ms = 0;
    for (const [, count, unit = ''] of value.matchAll(new RegExp(PART, 'g')))
      ms += Number(count) * UNITS_MS[unit]!;
    return value.startsWith('-') ? -ms : ms;
  });
