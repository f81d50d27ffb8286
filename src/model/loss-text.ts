import { isRestricted, type EnforcedMatchers } from './enforced-matchers.ts';
import { isMissing, type BackendFailure, type Loss, type StandIn } from './loss.ts';

/** What a caller that may not see everything reads of losses. It tells neither where its data are, nor of whose servers. */
const OF_TENANT =
  'a part of your data may be missing: a server that may hold some of them did not answer in full';
const NOTHING_OF_TENANT = 'nothing of your data is missing: a replica has what another did not answer';

/** The sentence that a caller reads of a loss. */
export function lossTextFor(caller: { readonly enforced: EnforcedMatchers }, loss: Loss): string {
  if (!isRestricted(caller)) return lossText(loss);
  return isMissing(loss) ? OF_TENANT : NOTHING_OF_TENANT;
}

/** The sentence for people: what was lost, and what that means for the answer. Every endpoint is named. */
export function lossText(loss: Loss): string {
  switch (loss.kind) {
    case 'shard':
      return `shard ${loss.shard} is missing: ${loss.failures.map(failureText).join('; ')}`;
    case 'replica':
      return `in shard ${loss.shard} ${failureText(loss.failure)}; ${standInText(loss.standIn, loss.others.join(', '))}`;
    case 'endpoint': {
      const why = loss.reason === undefined ? '' : `: ${loss.reason}`;
      return `endpoint ${loss.endpoint} never answered, so its shard is unknown${why}`;
    }
    case 'uncounted':
      return `in shard ${loss.shard} ${failureText(loss.failure)}; what it holds is not counted`;
    case 'unreadable': {
      const what =
        `endpoint ${loss.endpoint} in shard ${loss.shard} sent chunks that cannot be decoded ` +
        `(${loss.reason}), so its samples of those series were left out`;
      return loss.replaced ? `${what}; nothing is missing, a replica has them` : what;
    }
    case 'reported':
      return `${loss.endpoint}: ${loss.message}${loss.replaced ? '; nothing is missing, a replica has it all' : ''}`;
  }
}

function standInText(standIn: StandIn, others: string): string {
  switch (standIn.kind) {
    case 'whole':
      return `nothing is missing, its replica ${others} answered`;
    case 'begins':
      return `its replica ${others} answered, which has nothing before ${formatTime(standIn.at)} itself`;
    case 'away':
      return `its replica ${others} was away itself ${formatGap(standIn)}`;
    case 'lacks': {
      const { targets } = standIn;
      return `its replica ${others} did not scrape ${targets === 1 ? 'a target' : `${targets} targets`} of it ${formatGap(standIn)}`;
    }
    case 'holes':
      return `samples may be missing, since its replica ${others} has holes: ${formatGap(standIn)}`;
    case 'silent':
      return `its replica ${others} did not tell whether it has gaps: ${standIn.reason}`;
    case 'part':
      return `its replica ${others} has only ${Math.round(standIn.fraction * 100)} % of its targets`;
    case 'other':
      return `its series are missing, ${others} holds other ones`;
    case 'unproven': {
      const why = standIn.because === 'too-many-targets' ? ': they have too many targets to be compared' : '';
      return `series may be missing, since it is not proven that ${others} holds the same ones${why}`;
    }
  }
}

interface Gap {
  readonly from: number;
  readonly to: number;
  readonly more?: number | undefined;
}

function failureText({ endpoint, reason }: BackendFailure): string {
  return `endpoint ${endpoint} did not answer: ${reason}`;
}

/** `from … to …`, and how many others there are; ms since the epoch. */
function formatGap({ from, to, more = 0 }: Gap): string {
  const others = more === 1 ? ', and at another time' : `, and at ${more} other times`;
  return `from ${formatTime(from)} to ${formatTime(to)}${more === 0 ? '' : others}`;
}

function formatTime(ms: number): string {
  return new Date(ms).toISOString();
}
