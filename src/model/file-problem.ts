import { messageOf } from './errors.ts';

const CODES: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of the path is no folder',
  EISDIR: 'it is a folder, not a file',
  EACCES: 'this user may not read it',
  EPERM: 'this user may not read it',
  ELOOP: 'its links lead in a circle',
  EMFILE: 'too many files are open',
};

/** Why the file cannot be read, as people say it, from what was thrown; the first line of its message for other causes. */
export function fileProblem(file: string, thrown: unknown): string {
  const { code = '' } = thrown as NodeJS.ErrnoException;
  const problem = CODES[code] ?? messageOf(thrown).split('\n')[0]!;
  // Such a path is a trap where a service starts in another folder than a shell.
  return code === 'ENOENT' && !file.startsWith('/')
    ? `${problem}; the path starts where promweave was started`
    : problem;
}
