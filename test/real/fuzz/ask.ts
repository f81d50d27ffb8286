import { setTimeout as pause } from 'node:timers/promises';
import type { Pool } from 'undici';
import type { ApiResponse } from '../../recorded/corpus.ts';
import { askServer, type Question } from '../../support/differential/answers.ts';

/** A machine that others use, too, is that often too slow for one query at most. */
const MOST_REPEATS = 5;
const PAUSE_MS = 1000;

/** What a gateway says where a server was slow or away; what follows from the query itself begins like this. */
const OF_THE_QUERY = /^PromQL (?:warning|info): /;

/** Asks again where an answer lacks something, since a server was slow: that says nothing of the others. */
export class SteadyAsker {
  repeats = 0;

  async ask(
    server: Pool,
    question: Question,
    more: Readonly<Record<string, string>> = {},
  ): Promise<ApiResponse> {
    for (let repeat = 0; ; repeat++) {
      const answer = await askServer(server, question, more);
      if (!isOfSlowServers(answer) || repeat === MOST_REPEATS) return answer;
      this.repeats++;
      await pause(PAUSE_MS);
    }
  }
}

function isOfSlowServers({ errorType, warnings = [] }: ApiResponse): boolean {
  return (
    errorType === 'timeout' ||
    errorType === 'unavailable' ||
    warnings.some((warning) => !OF_THE_QUERY.test(warning))
  );
}
