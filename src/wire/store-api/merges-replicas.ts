import { bool } from '../protobuf/field-codecs.ts';
import type { FieldCodec } from '../protobuf/message-codec.ts';

/** What requests to `thanos.Store` between gateways say besides. */
export interface MergesReplicas {
  /**
   * True: the caller makes one series of replicas itself, though it names no labels to leave out. A replica that others
   * replace is no loss to it. A Thanos querier that deduplicates names the labels; one that does not shows each
   * replica.
   */
  readonly mergesReplicas: boolean;
}

/** Thanos numbers its fields from 1 on, and skips numbers that it does not know. */
export const MERGES_REPLICAS: FieldCodec<boolean> = bool(77_001);
