/** Fails where a package has a license that is not on the list, or one of the program runs a script while it is installed. */
import { installScriptProblems, licenseProblems } from './packages/licenses.ts';
import { lockedPackages } from './packages/locked.ts';

const packages = lockedPackages();
const problems = [...licenseProblems(packages), ...installScriptProblems(packages)];
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else
  console.log(
    `${packages.length} packages are under licenses of the list, and none of the program runs a script`,
  );
