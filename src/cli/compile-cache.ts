import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Makes Node keep the code that it compiles from here on, so that the next start does not compile it again. Where the
 * folder cannot be written, Node goes on without. Node's own variables come first: NODE_COMPILE_CACHE names another
 * folder, NODE_DISABLE_COMPILE_CACHE=1 turns the cache off.
 */
export function keepCompiledCode(): void {
  const folder = cacheFolder(process.env, homedir);
  if (folder !== undefined) enableCompileCache(folder);
}

/**
 * A folder of the user's own; undefined where there is none. Node's default is a folder of a known name in /tmp: any
 * user of the machine could make it first, and put code into it that others then run.
 */
export function cacheFolder(environment: Environment, home: () => string): string | undefined {
  const named = environment['XDG_CACHE_HOME'];
  if (named !== undefined && isAbsolute(named)) return join(named, 'promweave');
  try {
    const folder = home();
    return isAbsolute(folder) ? join(folder, '.cache', 'promweave') : undefined;
  } catch {
    // The user has no home, as in a container that runs under any id.
    return undefined;
  }
}
