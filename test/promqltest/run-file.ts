import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { NOT_YET } from './not-yet.ts';
import { runScript } from './run-script.ts';

/** How the cases of one script file went. */
export interface FileReport {
  readonly name: string;
  readonly cases: number;
  readonly passed: number;
  /** Known failures, each with its reason in the list. */
  readonly notYet: number;
  readonly failures: readonly Failure[];
}

export interface Failure {
  readonly line: number;
  readonly expr: string;
  readonly problem: string;
}

/** Runs one script file. Throws ScriptError where it does not follow the language. */
export async function runFile(path: string): Promise<FileReport> {
  const name = basename(path);
  const results = await runScript(readFileSync(path, 'utf8'));
  const known = new Set(NOT_YET.filter(({ file }) => file === name).map(({ line }) => line));
  const failures: Failure[] = [];
  let passed = 0;
  let notYet = 0;
  for (const { line, expr, problem } of results) {
    if (known.delete(line)) {
      if (problem === undefined)
        failures.push({ line, expr, problem: 'passes, so it does not belong on the not-yet list' });
      else notYet++;
    } else if (problem === undefined) passed++;
    else failures.push({ line, expr, problem });
  }
  for (const line of known)
    failures.push({ line, expr: '', problem: 'the not-yet list names a line without eval' });
  return { name, cases: results.length, passed, notYet, failures };
}
