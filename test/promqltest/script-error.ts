/** A script that does not follow the language. */
export class ScriptError extends Error {
  constructor(line: number, problem: string) {
    super(`line ${line}: ${problem}`);
    this.name = 'ScriptError';
  }
}
