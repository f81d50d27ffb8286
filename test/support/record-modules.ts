/**
 * Preloaded into a process by `--import`: writes the paths of all modules that it loaded, as a list in JSON, into the file
 * that MODULE_LIST names, when the process ends.
 */
import { writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

const loaded = new Set<string>();

registerHooks({
  load(url, context, next) {
    if (url.startsWith('file:')) loaded.add(fileURLToPath(url));
    return next(url, context);
  },
});

process.on('exit', () => writeFileSync(process.env['MODULE_LIST']!, JSON.stringify([...loaded])));
