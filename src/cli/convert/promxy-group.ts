import { accessOf } from './promxy-access.ts';
import { placesOf, type Places } from './promxy-discovery.ts';
import { defined, type Mapping, type Path, type Reading, type Remark } from './reading.ts';

/** What a server group of promxy becomes. */
export interface Group {
  readonly name: string;
  readonly endpoints: readonly Mapping[];
  readonly http: readonly Mapping[];
  readonly kubernetes: readonly Mapping[];
  /** Labels that are dropped of its series: those that tell replicas apart. */
  readonly replicaLabels: readonly string[];
  /** Whether queries go on without it. */
  readonly optional: boolean;
  readonly remarks: readonly Remark[];
}

/** Tells the hosts of a group apart, which promxy does by their addresses. */
export const REPLICA_LABEL = '__replica__';
/** Tells groups apart that have no labels. */
const GROUP_LABEL = 'server_group';

/** Keys without a counterpart: whether answers may differ, and why. */
const WITHOUT: Readonly<Record<string, readonly [look: boolean, text: string]>> = {
  anti_affinity: [
    false,
    'is not needed: the interval of each series is found out, and gaps are measured by it',
  ],
  anti_affinity_dynamic: [false, 'is not needed: the interval of each series is found out'],
  prefer_max: [true, 'has no counterpart: the replica that misses least is read, whatever its values are'],
  remote_read: [
    false,
    'is not needed: samples are read by remote read where the server has it, and by queries otherwise',
  ],
  native_histogram: [false, 'is not needed: native histograms are read whole'],
  relabel_configs: [
    true,
    'has no counterpart: name the servers that it keeps, and write the labels that it sets into external_labels',
  ],
  label_filter: [false, 'is not needed: servers are chosen by their external labels'],
  inject_matchers: [
    true,
    'has no counterpart for a single server: its other series are in the answers, unless it is asked as a tenant (headers, parameters)',
  ],
  align_query_range_with_step: [false, 'is not needed: samples are read, and evaluated here'],
  max_idle_conns: [false, 'has no counterpart: connections are pooled for each server'],
  max_idle_conns_per_host: [false, 'has no counterpart: connections are pooled for each server'],
  idle_conn_timeout: [false, 'has no counterpart: connections are pooled for each server'],
};

/** Reads a server group. `alone` says whether there is no other one that its series could be mixed up with. */
export function groupOf(reading: Reading, path: Path, index: number, alone: boolean): Group {
  const at = (...steps: readonly string[]): Path => [...path, ...steps];
  for (const [name, [look, text]] of Object.entries(WITHOUT))
    if (reading.keys(path).includes(name)) reading.remark(at(name), look, text);
  const name = reading.text(at('name'));
  const remoteReadPath = reading.text(at('remote_read_path'));
  if (remoteReadPath !== undefined && remoteReadPath.replace(/^\//, '') !== 'api/v1/read')
    reading.remark(
      at('remote_read_path'),
      true,
      'has no counterpart: remote read is expected at api/v1/read',
    );
  const prefix = (reading.text(at('path_prefix')) ?? '').replace(/\/+$/, '').replace(/^(?=[^/])/, '/');
  const places = placesOf(reading, path, reading.text(at('scheme')) ?? 'http', prefix);
  const replicaLabels = relabelled(reading, at('metrics_relabel_configs'));
  const settings = settingsOf(reading, path);
  const labels = reading.texts(at('labels'));
  if (Object.keys(labels).length === 0 && !alone)
    reading.remark(
      at('static_configs'),
      true,
      `has no labels, so ${GROUP_LABEL} tells it from other groups, also in answers: leave external_labels out where the servers have some of their own`,
    );
  const own = Object.keys(labels).length === 0 && !alone ? { [GROUP_LABEL]: name ?? String(index) } : labels;
  return {
    name: name ?? `server group ${index}`,
    ...endpointsOf(places, own, settings),
    replicaLabels,
    optional: [reading.text(at('ignore_error')), reading.text(at('downgrade_error'))].includes('true'),
    remarks: (reading.remarkUnread(path), reading.remarks()),
  };
}

/** All hosts of a group hold the same data: that is what a server group is. */
function endpointsOf(
  { endpoints, http, kubernetes }: Places,
  labels: Mapping,
  settings: Mapping,
): Pick<Group, 'endpoints' | 'http' | 'kubernetes'> {
  const many = endpoints.length > 1;
  const found = defined({
    external_labels: Object.keys(labels).length === 0 ? undefined : labels,
    replication: 'redundant',
    ...settings,
  });
  return {
    endpoints: endpoints.map(({ address, replica, labels: others }) => ({
      address,
      ...(many || replica === '' ? found : settings),
      ...((many && replica !== '') || Object.keys({ ...labels, ...others }).length > 0
        ? {
            external_labels: {
              ...labels,
              ...others,
              ...(many && replica !== '' && { [REPLICA_LABEL]: replica }),
            },
          }
        : {}),
    })),
    http: http.map((source) => ({ ...source, endpoint: found })),
    kubernetes: kubernetes.map((source) => ({ ...source, endpoint: found })),
  };
}

/** Labels that are dropped tell replicas apart. All else that is done to labels has no counterpart. */
function relabelled(reading: Reading, path: Path): readonly string[] {
  return reading.items(path).flatMap((item) => {
    const action = reading.text([...item, 'action']) ?? 'replace';
    const source = reading.text([...item, 'source_label']);
    if (action === 'labeldrop' && source !== undefined) {
      reading.remark(
        item,
        true,
        `drops ${source}, which became a replica label: that is right where ${source} is an external label that tells replicas apart, and otherwise it stays`,
      );
      return [source];
    }
    reading.remark(
      item,
      true,
      `changes labels of series (${action}), which has no counterpart: queries have to name the labels that the servers have`,
    );
    return [];
  });
}

function settingsOf(reading: Reading, path: Path): Mapping {
  const headers = reading.texts([...path, 'http_headers']);
  const parameters = reading.texts([...path, 'query_params']);
  const timeout = reading.text([...path, 'timeout']);
  return defined({
    ...timesOf(reading, path),
    timeout: timeout === undefined || /^0[a-z]*$/.test(timeout) ? undefined : timeout,
    headers: Object.keys(headers).length === 0 ? undefined : headers,
    parameters: Object.keys(parameters).length === 0 ? undefined : parameters,
    ...accessOf(reading, [...path, 'http_client']),
  });
}

/** Both ranges of one group would have to hold; here an end is either a moment or moves with the clock. */
function timesOf(reading: Reading, path: Path): Mapping {
  const ends = (range: string, name: string): string | undefined => reading.text([...path, range, name]);
  for (const range of ['relative_time_range', 'absolute_time_range'])
    if (reading.text([...path, range, 'truncate']) === 'false')
      reading.remark(
        [...path, range, 'truncate'],
        false,
        'is not needed: a server is asked for the part of a range that it has',
      );
  const relative = {
    min_time: ends('relative_time_range', 'start'),
    max_time: ends('relative_time_range', 'end'),
  };
  const absolute = {
    min_time: ends('absolute_time_range', 'start'),
    max_time: ends('absolute_time_range', 'end'),
  };
  for (const end of ['min_time', 'max_time'] as const)
    if (relative[end] !== undefined && absolute[end] !== undefined)
      reading.remark(
        [...path, 'absolute_time_range'],
        true,
        `stands beside relative_time_range, whose ${end} counts`,
      );
  return defined({
    min_time: relative.min_time ?? absolute.min_time,
    max_time: relative.max_time ?? absolute.max_time,
  });
}
