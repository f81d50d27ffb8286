import { ReadResponseWriter } from '../../src/wire/remote-read/sampled-writer.ts';
import type { SampledSeries } from '../../src/wire/remote-read/sampled.ts';

/** The body of a sampled answer to the queries of a remote read: for each the series that it found. */
export function sampledAnswer(...results: readonly (readonly SampledSeries[])[]): Buffer {
  const writer = new ReadResponseWriter();
  for (const series of results) {
    for (const one of series) writer.addSeries(one);
    writer.endQuery();
  }
  return Buffer.concat(writer.finish());
}
