import type { Labels } from '../../../model/labels.ts';
import { xxhash64 } from './xxhash64.ts';

const encoder = new TextEncoder();

/** Lengths from here on take four bytes: this one as a marker, then three bytes, least first. */
const LONG = 255;

/**
 * Where limit_ratio puts a series between 0 and 1: the hash of its labels over 2^64, the same number as in Prometheus
 * (labels in the "stringlabels" layout of its default build: each name and value with its length in front).
 */
export function ratioOffset(labels: Labels): number {
  const texts = labels.map((text) => encoder.encode(text));
  const size = texts.reduce((sum, { length }) => sum + length + (length < LONG ? 1 : 4), 0);
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const text of texts) {
    const { length } = text;
    bytes[at++] = Math.min(length, LONG);
    if (length >= LONG) {
      bytes[at++] = length;
      bytes[at++] = length >> 8;
      bytes[at++] = length >> 16;
    }
    bytes.set(text, at);
    at += length;
  }
  return Number(xxhash64(bytes)) / 2 ** 64;
}

/** Whether a series at `offset` is among those that the ratio keeps; a negative ratio keeps those a positive leaves. */
export function isSampled(ratio: number, offset: number): boolean {
  const capped = Math.min(1, Math.max(-1, ratio));
  return (capped >= 0 && offset < capped) || (capped < 0 && offset >= 1 + capped);
}
