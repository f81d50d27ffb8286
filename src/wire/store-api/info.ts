import type { Labels } from '../../model/labels.ts';
import { bool, int64, optional, present, repeated, string } from '../protobuf/field-codecs.ts';
import { decodeMessage, encodeMessage, messageCodec } from '../protobuf/message-codec.ts';
import { LABEL_SET, labelSet } from './label-set.ts';

/** thanos.info.InfoResponse: which component answers and which APIs it serves. */
export interface InfoResponse {
  readonly labelSets: readonly Labels[];
  /** `sidecar`, `query`, `store`, `rule`, `receive` … */
  readonly componentType: string;
  /** Undefined where it serves no samples. */
  readonly store: StoreInfo | undefined;
  readonly rules: boolean;
  readonly metricMetadata: boolean;
  readonly targets: boolean;
  readonly exemplars: TimeRangeInfo | undefined;
  readonly query: boolean;
  readonly status: boolean;
  /** Between gateways alone: two of the same name evaluate alike. Empty for all others. */
  readonly engine: string;
}

/** ms since the epoch, both inclusive; an end that is open is 2^63. */
export interface TimeRangeInfo {
  readonly minTime: number;
  readonly maxTime: number;
}

export interface StoreInfo extends TimeRangeInfo {
  readonly supportsSharding: boolean;
  readonly supportsWithoutReplicaLabels: boolean;
  readonly tsdbInfos: readonly TsdbInfo[];
}

/** One database of a store that has several. */
export interface TsdbInfo extends TimeRangeInfo {
  readonly labels: Labels;
}

const INFO_RESPONSE = messageCodec<InfoResponse>({
  labelSets: repeated(1, LABEL_SET),
  componentType: string(2),
  store: optional(
    3,
    messageCodec<StoreInfo>({
      minTime: int64(1),
      maxTime: int64(2),
      supportsSharding: bool(3),
      supportsWithoutReplicaLabels: bool(5),
      tsdbInfos: repeated(
        6,
        messageCodec<TsdbInfo>({ labels: labelSet(1), minTime: int64(2), maxTime: int64(3) }),
      ),
    }),
  ),
  rules: present(4),
  metricMetadata: present(5),
  targets: present(6),
  exemplars: optional(7, messageCodec<TimeRangeInfo>({ minTime: int64(1), maxTime: int64(2) })),
  query: present(8),
  status: present(9),
  // Thanos skips numbers that it does not know.
  engine: string(77_001),
});

export function encodeInfoResponse(info: InfoResponse): Uint8Array {
  return encodeMessage(INFO_RESPONSE, info);
}

/** Throws MessageFormatError. */
export function decodeInfoResponse(bytes: Uint8Array): InfoResponse {
  return decodeMessage(INFO_RESPONSE, bytes);
}
