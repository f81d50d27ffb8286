#!/usr/bin/env node
/**
 * Looks at the version of Node before anything else is loaded: an older one would end at the first import or at the
 * first piece of syntax that it does not know, with a text that says nothing about versions. So this file and what it
 * imports use no syntax and no import that is newer than ES modules themselves, and the program is loaded afterwards.
 */
import { nodeProblem } from './cli/node-version.ts';

const problem = nodeProblem(process.versions.node);
if (problem === undefined) {
  // Nobody catches a failure, so it ends the process as any other mistake does.
  void start();
} else {
  process.exitCode = 1;
  process.stderr.write(`${problem}\n`);
}

async function start(): Promise<void> {
  const { giveFreedMemoryBack } = await import('./cli/freed-memory.ts');
  giveFreedMemoryBack(process);
  const { keepCompiledCode } = await import('./cli/compile-cache.ts');
  keepCompiledCode();
  await import('./cli/main.ts');
}
