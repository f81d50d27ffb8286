/**
 * What becomes of output that cannot be written, for standard output and standard error. Node would end with the stack of
 * an event that nobody handles. A reader that went away, as `head` does, wants no more; a full disk is told.
 */
export function endWithOutputs(
  { stdout, stderr }: Pick<NodeJS.Process, 'stdout' | 'stderr'>,
  exit: (code: number) => void,
): void {
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE')
      stderr.write(`promweave: cannot write to standard output: ${error.message}\n`);
    exit(1);
  });
  // There is no place left where it could be told; the exit code tells whether the command did its work.
  stderr.on('error', () => {});
}
