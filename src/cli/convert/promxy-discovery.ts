import { accessOf } from './promxy-access.ts';
import { defined, type Mapping, type Path, type Reading } from './reading.ts';

/** Where the servers of a group are, in the terms of this program. */
export interface Places {
  /** Addresses, each with the name that tells the replica. */
  readonly endpoints: readonly {
    readonly address: string;
    readonly replica: string;
    readonly labels: Mapping;
  }[];
  readonly http: readonly Mapping[];
  readonly kubernetes: readonly Mapping[];
}

/** How Prometheus types of DNS records are looked up here. */
const LOOKUPS: Readonly<Record<string, string>> = { SRV: 'dnssrv', A: 'dns', AAAA: 'dnsdualstack' };

const NO_COUNTERPART =
  'has no counterpart: let something write its servers into a file (discovery.files) or a list (discovery.http)';

/** Reads all `*_sd_configs` and `static_configs` of a group. Addresses get the scheme and the path that its servers have. */
export function placesOf(reading: Reading, group: Path, scheme: string, prefix: string): Places {
  const places = {
    endpoints: [] as Places['endpoints'][number][],
    http: [] as Mapping[],
    kubernetes: [] as Mapping[],
  };
  for (const item of reading.items([...group, 'static_configs'])) {
    const labels = reading.texts([...item, 'labels']);
    for (const target of reading.items([...item, 'targets'])) {
      const replica = reading.text(target);
      if (replica !== undefined)
        places.endpoints.push({ address: `${scheme}://${replica}${prefix}`, replica, labels });
    }
  }
  for (const item of reading.items([...group, 'dns_sd_configs']))
    for (const name of reading.items([...item, 'names'])) {
      const address = dnsAddress(reading, item, reading.text(name), scheme, prefix);
      if (address !== undefined) places.endpoints.push({ address, replica: '', labels: {} });
    }
  for (const item of reading.items([...group, 'http_sd_configs']))
    places.http.push(
      defined({
        url: reading.text([...item, 'url']),
        refresh_interval: reading.text([...item, 'refresh_interval']),
        ...accessOf(reading, item),
        scheme,
        path_prefix: prefix === '' ? undefined : prefix,
        labels_as_external: true,
      }),
    );
  for (const item of reading.items([...group, 'kubernetes_sd_configs'])) {
    const found = kubernetesOf(reading, item, scheme, prefix);
    if (found !== undefined) places.kubernetes.push(found);
  }
  for (const name of reading.keys(group))
    if (name === 'file_sd_configs')
      reading.remark(
        [...group, name],
        true,
        `has files in which addresses have no scheme: write them with ${scheme}:// in front, and name the files in discovery.files`,
      );
    else if (name.endsWith('_sd_configs') && !CONVERTED.has(name))
      reading.remark([...group, name], true, NO_COUNTERPART);
  return places;
}

const CONVERTED: ReadonlySet<string> = new Set([
  'dns_sd_configs',
  'http_sd_configs',
  'kubernetes_sd_configs',
]);

function dnsAddress(
  reading: Reading,
  item: Path,
  name: string | undefined,
  scheme: string,
  prefix: string,
): string | undefined {
  if (reading.keys(item).includes('refresh_interval'))
    reading.remark(
      [...item, 'refresh_interval'],
      false,
      'is not needed: names are looked up again when their records expire (discovery.dns_interval)',
    );
  const type = reading.text([...item, 'type']) ?? 'SRV';
  const port = reading.text([...item, 'port']);
  const lookup = LOOKUPS[type];
  if (lookup === undefined) {
    reading.remark(
      [...item, 'type'],
      true,
      `is ${type}, which has no counterpart: name a record of type SRV, A or AAAA`,
    );
    return undefined;
  }
  if (name === undefined) return undefined;
  return `${lookup}+${scheme}://${name}${type === 'SRV' || port === undefined ? '' : `:${port}`}${prefix}`;
}

function kubernetesOf(reading: Reading, item: Path, scheme: string, prefix: string): Mapping | undefined {
  const role = reading.text([...item, 'role']);
  const server = reading.text([...item, 'api_server']);
  const namespaces = reading
    .items([...item, 'namespaces', 'names'])
    .flatMap((name) => reading.text(name) ?? []);
  const labels = reading.items([...item, 'selectors']).flatMap((selector) => {
    reading.text([...selector, 'role']);
    return reading.text([...selector, 'label']) ?? [];
  });
  if (labels.length === 0) {
    reading.remark(
      item,
      true,
      'selects by relabel_configs: write discovery.kubernetes with the service whose pods are the servers (label_selector: kubernetes.io/service-name=NAME)',
    );
    return undefined;
  }
  reading.remark(
    [...item, 'selectors'],
    true,
    `is for objects of role ${role}: here it selects EndpointSlices, which have the labels of their service`,
  );
  return defined({
    api_server: server,
    namespaces: namespaces.length === 0 ? undefined : namespaces,
    label_selector: labels.join(','),
    ...accessOf(reading, item),
    scheme,
    path_prefix: prefix === '' ? undefined : prefix,
  });
}
