import type { Command } from './command.ts';
import { checkConfig } from './commands/check-config.ts';
import { convert } from './commands/convert.ts';
import { demo } from './commands/demo.ts';
import { explain } from './commands/explain.ts';
import { serve } from './commands/serve.ts';

/** All that `promweave` can do, in the order of its help. */
export const COMMANDS: readonly Command[] = [serve, demo, explain, checkConfig, convert];
