import { differenceOf, pointsOf, type Answer, type AnswerPoint, type AnswerPoints } from './answer.ts';

/** What answers have to be like under a fault. An answer that is whole and right is right under each. */
export type Expectation =
  | { readonly kind: 'whole' }
  /** Nothing of a shard can be had: named in each answer, and in the refusal of strict ones. */
  | { readonly kind: 'without'; readonly shard: string }
  /** A shard has a hole that nobody fills: named with its times, ms since the epoch, which may be off by `slackMs`. */
  | {
      readonly kind: 'holed';
      readonly shard: string;
      readonly from: number;
      readonly to: number;
      readonly slackMs: number;
      /** What queries look back, ms: so long behind the hole points may be others. */
      readonly lookBackMs: number;
    };

export type Verdict =
  | { readonly kind: 'right'; readonly isWarned: boolean; readonly isRefused: boolean }
  /** No answer where there had to be one. */
  | { readonly kind: 'failed'; readonly why: string }
  /** Another value than the right one, or silence about what is missing. */
  | { readonly kind: 'wrong'; readonly why: string };

export interface Shot {
  /** That of HTTP; 0 where none came. */
  readonly status: number;
  /** Whether partial answers were refused. */
  readonly isStrict: boolean;
  readonly answer: Answer;
}

export function judge(expectation: Expectation, right: AnswerPoints, shot: Shot): Verdict {
  const { status, isStrict, answer } = shot;
  const said = answer.warnings ?? [];
  if (status !== 200) {
    const error = answer.error ?? 'no reason was given';
    const isDue = isStrict && expectation.kind !== 'whole' && status === 503 && names(expectation, error);
    return isDue
      ? { kind: 'right', isWarned: false, isRefused: true }
      : { kind: 'failed', why: `${status}: ${error}` };
  }
  const points = pointsOf(answer);
  const difference = differenceOf(right, points);
  if (difference === undefined && (said.length === 0 || expectation.kind !== 'without'))
    return { kind: 'right', isWarned: said.length > 0, isRefused: false };
  if (expectation.kind === 'whole') return { kind: 'wrong', why: difference! };
  if (isStrict) return { kind: 'wrong', why: `an answer to a strict query lacks something: ${difference}` };
  const rest = differenceOf(right, points, (point) => !mayDiffer(expectation, point));
  if (rest !== undefined) return { kind: 'wrong', why: rest };
  if (!said.some((warning) => names(expectation, warning)))
    return { kind: 'wrong', why: `the loss is not named: ${said.join('; ') || 'no warning'}` };
  return { kind: 'right', isWarned: true, isRefused: false };
}

type Lossy = Exclude<Expectation, { readonly kind: 'whole' }>;

function mayDiffer(expectation: Lossy, { shard, time }: AnswerPoint): boolean {
  if (shard !== expectation.shard) return false;
  if (expectation.kind === 'without') return true;
  const { from, to, slackMs, lookBackMs } = expectation;
  return time * 1000 >= from - slackMs && time * 1000 <= to + slackMs + lookBackMs;
}

function names(expectation: Lossy, text: string): boolean {
  if (!text.includes(`shard="${expectation.shard}"`)) return false;
  if (expectation.kind === 'without') return true;
  const { from, to, slackMs } = expectation;
  const [, begin = '', end = ''] = /from (\S+Z) to (\S+Z)/.exec(text) ?? [];
  return Math.abs(Date.parse(begin) - from) <= slackMs && Math.abs(Date.parse(end) - to) <= slackMs;
}
