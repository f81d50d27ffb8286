import {
  PIECE_MS,
  outcomeOf,
  intervalOf,
  isEnded,
  RunMark,
  type Piece,
} from '../../../src/cluster/coverage/piece.ts';
import { PieceBuilder } from '../../../src/cluster/coverage/piece-builder.ts';
import type { Samples } from '../../select/support.ts';
import { columnsOf } from '../../select/support.ts';

/** A time at which a piece begins. */
export const START: number = 250_000 * PIECE_MS;

/** The runs of a target as text, in seconds: `0–45/15 up`. */
export function runsOf(piece: Piece, target: number): readonly string[] {
  const position = piece.targets.indexOf(target);
  if (position < 0) return [];
  const runs: string[] = [];
  for (let i = position === 0 ? 0 : piece.ends[position - 1]!; i < piece.ends[position]!; i++) {
    const fact = piece.facts[i]!;
    const outcome = {
      [RunMark.failed]: 'down',
      [RunMark.scraped]: 'up',
      [RunMark.unknown]: '?',
      [RunMark.taken]: 'taken',
    }[outcomeOf(fact)];
    const ended = isEnded(fact) ? ' ended' : '';
    runs.push(
      `${piece.firsts[i]! / 1000}–${piece.lasts[i]! / 1000}/${intervalOf(fact) / 1000} ${outcome}${ended}`,
    );
  }
  return runs;
}

/** The pieces that hold samples of targets, as if all came at once. */
export function piecesOf(targets: readonly Samples[], start: number, count: number): readonly Piece[] {
  return Array.from({ length: count }, (_, i) => {
    const builder = new PieceBuilder(start + i * PIECE_MS);
    targets.forEach((samples, target) => builder.add(target, columnsOf(samples)));
    return builder.build();
  });
}
