/** What a thread of its own runs to read a long configuration. */
import { answerQuestion } from '../model/own-thread.ts';
import type { Flag } from './flags/flag.ts';
import type { ParsedFlags } from './parse-flags.ts';
import { readingFromFlags } from './read-config.ts';

answerQuestion(({ flags, parsed }: { readonly flags: readonly Flag[]; readonly parsed: ParsedFlags }) =>
  readingFromFlags(flags, parsed),
);
