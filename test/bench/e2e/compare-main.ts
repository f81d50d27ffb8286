import { compare } from './report/compare.ts';
import { readResult } from './report/result.ts';

/** `npm run bench:compare -- A B`: two results of `npm run bench:e2e` as a table of ratios. */
const [a, b, ...more] = process.argv.slice(2);
try {
  if (a === undefined || b === undefined || more.length > 0)
    throw new Error('two files are needed: npm run bench:compare -- A B');
  console.log(compare(readResult(a), readResult(b)));
} catch (thrown) {
  console.error(thrown instanceof Error ? thrown.message : String(thrown));
  process.exitCode = 1;
}
