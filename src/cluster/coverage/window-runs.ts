import type { EndpointId } from '../endpoint-id.ts';
import type { Piece } from './piece.ts';
import type { KnownRange } from './target-holes.ts';
import { TargetRuns } from './target-runs.ts';

/** What is known of the scrapes of one endpoint around a range. */
export interface ReplicaWindow extends KnownRange {
  readonly id: EndpointId;
  /** Ascending, all that there are within the known range. */
  readonly pieces: readonly Piece[];
}

/** The runs of one endpoint while the targets of its group go by in ascending order. */
export class WindowRuns {
  readonly window: ReplicaWindow;
  /** Those of the target that was loaded last. */
  readonly runs: TargetRuns = new TargetRuns();
  /** By piece: the position of the next target. */
  readonly #cursors: Int32Array;

  constructor(window: ReplicaWindow) {
    this.window = window;
    this.#cursors = new Int32Array(window.pieces.length);
  }

  /** Takes up the next target; false where the endpoint does not have it. */
  load(target: number): boolean {
    const { runs } = this;
    runs.clear();
    const { pieces } = this.window;
    for (let i = 0; i < pieces.length; i++) {
      const cursor = this.#cursors[i]!;
      if (pieces[i]!.targets[cursor] !== target) continue;
      runs.addPiece(pieces[i]!, cursor);
      this.#cursors[i] = cursor + 1;
    }
    runs.seal();
    return runs.length > 0;
  }
}
