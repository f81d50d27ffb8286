import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';

const FOLDER = fileURLToPath(new URL('../../proto/', import.meta.url));

/** The messages of proto/prometheus, so that protobufjs can write and read what our own code reads and writes. */
export function prometheusProto(): protobuf.Root {
  return loadProto('prometheus/remote.proto');
}

/** The messages that scrapers read. */
export function expositionProto(): protobuf.Root {
  return loadProto('prometheus/metrics.proto');
}

/** The messages of one file of `proto` and of those that it imports. */
export function loadProto(file: string): protobuf.Root {
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) => FOLDER + target;
  return root.loadSync(file);
}
