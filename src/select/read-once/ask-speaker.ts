import type { RawSeriesSet } from '../../backend/backend.ts';
import type { Answered } from '../../backend/answered.ts';
import type { Clock } from '../../model/clock.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import { askShard, type AskContext, type Call, type Outcome } from '../routing/ask-shard.ts';
import { callEndpoint } from '../routing/call-endpoint.ts';
import type { Route } from '../routing/route.ts';
import type { Spoken } from './choose-speakers.ts';
import type { ReadingReason } from './read-once.ts';
import { withinTime } from './within-time.ts';

/**
 * Asks the speaker of a shard alone, and its siblings for the rest. Where the speaker fails, does not answer in the time that it
 * has, or says that its answer lacks something, all siblings are asked as if nobody spoke; its own call goes on meanwhile.
 * @param siblingCall asks a sibling for the rest.
 */
export async function askSpeaker(
  context: AskContext,
  scope: RequestScope,
  spoken: Spoken,
  call: Call<RawSeriesSet>,
  siblingCall: Call<RawSeriesSet>,
): Promise<{ readonly outcomes: readonly Outcome<RawSeriesSet>[]; readonly reason: ReadingReason }> {
  const { clock, lateness } = context;
  const now = (): number => clock.monotonic() - lateness.soFar();
  const { speaker, siblings, routes, rest, patienceMs } = spoken;
  const started = clock.monotonic();
  const cut = new AbortController();
  let sentAt: number | undefined;
  const ask = (inner: RequestScope): Answered<RawSeriesSet> => {
    sentAt = now();
    return call.ask(inner, speaker);
  };
  const answer = callEndpoint(context, scope, speaker.endpoint, ask, cut);
  const others =
    rest === undefined
      ? undefined
      : askShard(context, scope, [speaker, ...siblings], besideSpeaker(siblingCall, speaker, answer, clock));
  // What the speaker's call throws comes out of both, and ends the request. Nobody waits for the second one any more.
  others?.catch(() => {});
  const inTime = await withinTime(context, patienceMs, answer);
  const elapsedMs = clock.monotonic() - started;
  if (scope.signal.aborted || (inTime?.ok === true && isWhole(inTime.value))) {
    const result = inTime ?? (await answer);
    const outcomes = [{ route: speaker, result, elapsedMs }, ...((await others)?.slice(1) ?? [])];
    return { outcomes, reason: rest === undefined ? 'once' : 'once_but_holes' };
  }
  // The call that runs already is one of theirs; where it is cut, it ends.
  const goOn = async (inner: RequestScope): Answered<RawSeriesSet> => {
    inner.signal.addEventListener('abort', () => cut.abort(), { once: true });
    return answer;
  };
  const [outcomes] = await Promise.all([
    askShard(context, scope, routes, {
      ...call,
      ask: (inner, route) => (route === speaker ? goOn(inner) : call.ask(inner, route)),
      headStartMs: (route) => (route === speaker && sentAt !== undefined ? now() - sentAt : 0),
      // Where it was found to hang meanwhile it is not asked, so nothing else ends its call, for which the others wait.
    }).finally(() => cut.abort()),
    others,
  ]);
  return { outcomes, reason: 'not_answered' };
}

/**
 * How siblings are asked for the rest. The speaker takes part with its own answer, so one of them that is slow is given up where nothing
 * is lost. It is not given up itself: siblings send the rest alone.
 */
function besideSpeaker(
  call: Call<RawSeriesSet>,
  speaker: Route,
  answer: Answered<RawSeriesSet>,
  clock: Clock,
): Call<RawSeriesSet> {
  const started = clock.monotonic();
  // Not before somebody waits for it: what the answer throws must reach whoever asked.
  const spoken = async (): Promise<Outcome<RawSeriesSet>> => {
    const result = await answer;
    return { route: speaker, result, elapsedMs: clock.monotonic() - started };
  };
  return {
    ...call,
    before: (route) => (route === speaker ? spoken() : undefined),
    losesWithout: async (inner, lost, answered) =>
      lost === speaker.endpoint || (await call.losesWithout?.(inner, lost, answered)) === true,
  };
}

function isWhole({ annotations }: RawSeriesSet): boolean {
  return annotations.every(({ kind }) => kind === 'remark');
}
