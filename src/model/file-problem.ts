import { formatBytes } from './byte-size.ts';
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

/** What the system says of what a path leads to. */
interface FileLook {
  readonly size: number;
  isFile(): boolean;
  isDirectory(): boolean;
}

/** How much is read of a file at most. */
export interface ReadBound {
  readonly bytes: number;
  /** What to do about a larger one. */
  readonly advice?: string;
}

/**
 * Throws what people can read where it is a pipe or a device, of which reading may wait for ever, or larger than the bound. A folder
 * passes: the system refuses to read it.
 */
export function checkReadable(look: FileLook, bound: ReadBound): void {
  if (look.isDirectory()) return;
  if (!look.isFile()) throw new Error('it is a pipe or a device, not a file');
  checkSize(look.size, bound);
}

/** The same for what was read of it so far, bytes: it may have grown since it was looked at, or tell no size. */
export function checkSize(size: number, { bytes, advice }: ReadBound): void {
  if (size <= bytes) return;
  const problem = `it has ${formatBytes(size)}, more than the ${formatBytes(bytes)} that are read`;
  throw new Error(advice === undefined ? problem : `${problem}; ${advice}`);
}
