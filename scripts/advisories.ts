/**
 * Fails where an advisory tells of a package of the lock file: `advisories.ts FILE…`. Files hold advisories of OSV as JSON, one or a list
 * of them, such as those of https://github.com/github/advisory-database. Nothing is asked of a registry.
 */
import { readFileSync } from 'node:fs';
import { advisoryProblems, type Advisory } from './packages/advisories.ts';
import { lockedPackages } from './packages/locked.ts';

const files = process.argv.slice(2);
const advisories = files.flatMap(
  (file) => JSON.parse(readFileSync(file, 'utf8')) as Advisory | readonly Advisory[],
);
const problems = advisoryProblems(lockedPackages(), advisories);
for (const problem of problems) console.error(problem);
if (advisories.length === 0) {
  console.error(
    'there are no advisories to look at: name files that hold some, or let `npm audit` ask the registry',
  );
  process.exitCode = 2;
} else if (problems.length > 0) process.exitCode = 1;
else console.log(`none of ${advisories.length} advisories tells of a package of the lock file`);
