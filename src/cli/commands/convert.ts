import type { Command } from '../command.ts';
import { oneArgument } from '../one-argument.ts';

/** `promweave convert FILE`: prints a configuration made of promxy's, and says on standard error what is to be looked at. */
export const convert: Command = {
  name: 'convert',
  aliases: [],
  summary: "Makes a configuration of promxy's, with a comment for each key that has no counterpart.",
  usage: 'promweave convert PROMXY.YML',
  flags: [],
  async run(args, { out, error }) {
    const given = oneArgument(convert, args, { out, error });
    if (typeof given === 'number') return given;
    const { argument: file } = given;
    const { readTextFile } = await import('../../app/read-text-file.ts');
    const { convertPromxy } = await import('../convert/promxy.ts');
    const { text, toLookAt } = convertPromxy({ file, text: readTextFile(file)! });
    out(text);
    const lines = toLookAt === 1 ? 'one comment that begins' : `${toLookAt} comments that begin`;
    error(
      toLookAt === 0
        ? `Everything in ${file} has a counterpart, or needs none.\n`
        : `Look at ${lines} with CHECK: answers may differ there.\n`,
    );
    return 0;
  },
};
