import { namesNoEndpoint, NO_ENDPOINTS } from '../../app/no-endpoints.ts';
import type { Command } from '../command.ts';
import { oneArgument } from '../one-argument.ts';

/** `promweave check-config FILE`: exit code 0 if the file is fine, as far as that can be seen here, 1 with every problem if not. */
export const checkConfig: Command = {
  name: 'check-config',
  aliases: [],
  summary: 'Checks a configuration file and says what is wrong with it.',
  usage: 'promweave check-config FILE',
  flags: [],
  async run(args, { out, error }) {
    const given = oneArgument(checkConfig, args, { out, error });
    if (typeof given === 'number') return given;
    const { argument: file } = given;
    const { configOfFile } = await import('../read-config.ts');
    const { config, note } = await configOfFile(file);
    const count = config.endpoints.length;
    out(`${file} is fine: ${count} ${count === 1 ? 'endpoint' : 'endpoints'}.\n`);
    if (namesNoEndpoint(config)) error(`${file}: ${NO_ENDPOINTS}, or under endpoints or discovery\n`);
    if (note !== undefined) error(`${file}: ${note}\n`);
    return 0;
  },
};
