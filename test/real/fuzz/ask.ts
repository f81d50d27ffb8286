import { setTimeout as pause } from 'node:timers/promises';
import type { Pool } from 'undici';
import type { ApiResponse } from '../../recorded/corpus.ts';
import { askServer, type Question } from '../../support/differential/answers.ts';

/** A machine that others use, too, is not slow for so long: a server that was taken for dead is back by then. */
const MOST_REPEATS = 60;
const PAUSE_MS = 1000;

/** What a gateway says where a server was slow or away; what follows from the query itself begins like this. */
const OF_THE_QUERY = /^PromQL (?:warning|info): |^\d+ more \w+ annotations omitted$/;

/** A replica may stand in for one that was slow, and lack single scrapes, which count for nothing then. It is an info that it does. */
const SHOWS_ALL = { show_replaced: 'true' };

/** Asks again where an answer lacks something, since a server was slow: that says nothing of the others. */
export class SteadyAsker {
  repeats = 0;

  async ask(
    server: Pool,
    question: Question,
    more: Readonly<Record<string, string>> = {},
  ): Promise<ApiResponse> {
    for (let repeat = 0; ; repeat++) {
      const answer = await askServer(server, question, { ...SHOWS_ALL, ...more });
      if (!isOfSlowServers(answer)) return answer;
      if (repeat === MOST_REPEATS)
        throw new Error(
          `servers are too slow to compare: ${JSON.stringify(answer.warnings ?? answer.error)}`,
        );
      this.repeats++;
      await pause(PAUSE_MS);
    }
  }
}

function isOfSlowServers({ errorType, warnings = [], infos = [] }: ApiResponse): boolean {
  return (
    errorType === 'timeout' ||
    errorType === 'unavailable' ||
    [...warnings, ...infos].some((remark) => !OF_THE_QUERY.test(remark))
  );
}
