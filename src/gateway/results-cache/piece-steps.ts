/** Steps of a piece. Pieces begin at multiples of it, so that ranges which overlap share them. */
export const PIECE_STEPS = 256;

/** The number of the piece that a step belongs to. */
export function pieceOf(step: number): number {
  return Math.floor(step / PIECE_STEPS);
}
