import manifest from '../../package.json' with { type: 'json' };

/** `>=22.19`: the only form that package.json may have here. */
const NEEDED: string = manifest.engines.node.slice('>='.length);

/**
 * What is wrong with a version of Node, such as `20.11.0`, as a sentence that says which one it takes; undefined where it
 * is new enough. It is written in the JavaScript of old versions, since these are to read it.
 */
export function nodeProblem(running: string): string | undefined {
  const needed = NEEDED.split('.').map(Number);
  const parts = running.split('.').map(Number);
  const differs = needed.findIndex((part, i) => part !== parts[i]);
  if (differs === -1 || parts[differs]! > needed[differs]!) return undefined;
  return (
    `promweave needs Node ${NEEDED} or newer, and this is Node ${running}; ` +
    'run it with a newer one, or from the checkout with "npm run promweave --", which brings its own'
  );
}
