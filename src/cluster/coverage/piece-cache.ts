import { pieceBytes, type Piece } from './piece.ts';

/** What the pieces of all endpoints may take together, bytes. */
export const CACHE_BYTES: number = 64 * 1024 ** 2;

interface Owned {
  bytes: number;
  /** By start, in the order of their last use. */
  readonly pieces: Map<number, Piece>;
}

/**
 * The pieces of the past of all endpoints, within so many bytes. Where there are more, the endpoint that takes most gives up what
 * it did not use for longest: one that answers with ever more costs no other its pieces.
 */
export class PieceCache<Owner> {
  readonly #most: number;
  readonly #owned = new Map<Owner, Owned>();
  #bytes = 0;

  constructor(mostBytes: number = CACHE_BYTES) {
    this.#most = mostBytes;
  }

  /** Bytes that all pieces take. */
  get bytes(): number {
    return this.#bytes;
  }

  /** How many pieces there are. */
  get size(): number {
    return this.#owned.values().reduce((sum, { pieces }) => sum + pieces.size, 0);
  }

  /** @param start of the piece, ms since the epoch. */
  get(owner: Owner, start: number): Piece | undefined {
    const owned = this.#owned.get(owner);
    const piece = owned?.pieces.get(start);
    if (piece === undefined) return undefined;
    owned!.pieces.delete(start);
    owned!.pieces.set(start, piece);
    return piece;
  }

  /** Whether a piece is there; that is no use of it. */
  has(owner: Owner, start: number): boolean {
    return this.#owned.get(owner)?.pieces.has(start) === true;
  }

  put(owner: Owner, piece: Piece): void {
    this.#drop(owner, piece.start);
    const owned = this.#owned.get(owner) ?? { bytes: 0, pieces: new Map<number, Piece>() };
    this.#owned.set(owner, owned);
    owned.pieces.set(piece.start, piece);
    owned.bytes += pieceBytes(piece);
    this.#bytes += pieceBytes(piece);
    while (this.#bytes > this.#most) this.#evict();
  }

  /** Drops all pieces of an endpoint. */
  forget(owner: Owner): void {
    const owned = this.#owned.get(owner);
    if (owned === undefined) return;
    this.#bytes -= owned.bytes;
    this.#owned.delete(owner);
  }

  #evict(): void {
    let largest: [Owner, Owned] | undefined;
    for (const entry of this.#owned) if (entry[1].bytes > (largest?.[1].bytes ?? 0)) largest = entry;
    const [owner, { pieces }] = largest!;
    this.#drop(owner, pieces.keys().next().value!);
  }

  #drop(owner: Owner, start: number): void {
    const owned = this.#owned.get(owner);
    const piece = owned?.pieces.get(start);
    if (piece === undefined) return;
    owned!.pieces.delete(start);
    owned!.bytes -= pieceBytes(piece);
    this.#bytes -= pieceBytes(piece);
    if (owned!.pieces.size === 0) this.#owned.delete(owner);
  }
}
