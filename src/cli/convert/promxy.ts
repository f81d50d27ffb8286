import { Document, isSeq, type Node } from 'yaml';
import { readConfigDocument, type ConfigText } from '../../config/document.ts';
import { openConfig } from '../../config/load.ts';
import { QueryError } from '../../model/errors.ts';
import { groupOf, REPLICA_LABEL, type Group } from './promxy-group.ts';
import { isMapping, Reading, type Mapping, type Remark } from './reading.ts';

/** What of Prometheus' own configuration has no counterpart. */
const WITHOUT: Readonly<Record<string, readonly [look: boolean, text: string]>> = {
  rule_files: [
    true,
    'has no counterpart: no rules are evaluated here; let a Prometheus, vmalert or Thanos Ruler read through the gateway',
  ],
  alerting: [true, 'has no counterpart: no alerts are sent from here; what evaluates the rules sends them'],
  remote_write: [true, 'has no counterpart: nothing is written from here'],
  remote_read: [true, 'has no counterpart: name the server under endpoints'],
  storage: [false, 'has no counterpart: nothing is stored here'],
  scrape_configs: [false, 'has no counterpart: nothing is scraped here'],
  tls_server_config: [
    false,
    'has no effect in promxy; certificates stand in the file of --web.config.file, which is the same here',
  ],
};

export interface Converted {
  /** A configuration of this program, with a comment for each key that has no counterpart. */
  readonly text: string;
  /** How many comments are about answers that may differ. */
  readonly toLookAt: number;
}

/** Makes a configuration of promxy's. Throws `bad_data` where it cannot be read, or where nothing valid can be made of it. */
export function convertPromxy(source: ConfigText): Converted {
  const { value, lineOf } = readConfigDocument(source);
  if (!isMapping(value) || !isMapping(value['promxy']))
    throw new QueryError('bad_data', `${source.file} is no configuration of promxy: it has no key promxy`);
  const reading = new Reading(value, lineOf);
  const paths = reading.items(['promxy', 'server_groups']);
  const groups = paths.map((path, i) => groupOf(reading, path, i, paths.length === 1));
  const config = configOf(groups);
  const remarks = globalRemarks(reading, groups);
  const text = written(source.file, config, groups, remarks);
  // What was made is shown to nobody before it is known to be right.
  openConfig({ file: `what was made of ${source.file}`, text });
  const all = [...remarks, ...groups.flatMap((group) => group.remarks)];
  return { text, toLookAt: all.filter(({ look }) => look).length };
}

function configOf(groups: readonly Group[]): Mapping {
  const http = groups.flatMap((group) => group.http);
  const kubernetes = groups.flatMap((group) => group.kubernetes);
  return {
    query: {
      replica_labels: [...new Set([REPLICA_LABEL, ...groups.flatMap((group) => group.replicaLabels)])],
      // promxy fails a query where a group fails that is not optional. Here that is one setting for all.
      partial_response: groups.some(({ optional }) => optional),
    },
    endpoints: groups.flatMap((group) => group.endpoints),
    ...(http.length + kubernetes.length > 0 && {
      discovery: { ...(http.length > 0 && { http }), ...(kubernetes.length > 0 && { kubernetes }) },
    }),
  };
}

function globalRemarks(reading: Reading, groups: readonly Group[]): readonly Remark[] {
  for (const [name, [look, text]] of Object.entries(WITHOUT))
    if (reading.keys([]).includes(name)) reading.remark([name], look, text);
  for (const name of reading.keys(['global']))
    reading.remark(
      ['global', name],
      name === 'external_labels' || name === 'query_log_file',
      name === 'external_labels'
        ? 'has no counterpart: no labels are added to all series'
        : name === 'query_log_file'
          ? 'has a counterpart: set query.log_file'
          : 'has no counterpart: nothing is scraped and no rules are evaluated here',
    );
  if (reading.keys(['promxy']).includes('alert_templates'))
    reading.remark(['promxy', 'alert_templates'], true, 'has no counterpart: no alerts are sent from here');
  const optional = groups.filter((group) => group.optional);
  if (optional.length > 0 && optional.length < groups.length)
    reading.remark(
      ['promxy', 'server_groups'],
      true,
      'has groups that may fail and others that may not. Here that is one setting: answers that lack a group say so in a warning, and query.partial_response: false lets them fail',
    );
  reading.take(['promxy', 'server_groups']);
  reading.remarkUnread([]);
  return reading.remarks();
}

function written(
  file: string,
  config: Mapping,
  groups: readonly Group[],
  remarks: readonly Remark[],
): string {
  const document = new Document(config, { aliasDuplicateObjects: false });
  document.commentBefore = [
    ` Made of ${file.replaceAll('\n', ' ')} by promweave convert.`,
    ' "CHECK" marks what may change answers; the other comments say why a key is not needed.',
    ...remarks.map(commentOf),
  ].join('\n');
  let at = 0;
  const endpoints = document.get('endpoints');
  const discovery = groups.filter((group) => group.endpoints.length === 0);
  for (const group of groups) {
    const comment = [` ${group.name.replaceAll('\n', ' ')}`, ...group.remarks.map(commentOf)].join('\n');
    const node = isSeq(endpoints) ? (endpoints.items[at] as Node | undefined) : undefined;
    if (group.endpoints.length > 0 && node !== undefined) node.commentBefore = comment;
    at += group.endpoints.length;
  }
  document.comment = discovery
    .map((group) =>
      [
        ` ${group.name.replaceAll('\n', ' ')}, without fixed addresses:`,
        ...group.remarks.map(commentOf),
      ].join('\n'),
    )
    .join('\n');
  return document.toString({ lineWidth: 130 });
}

function commentOf({ line, key, look, text }: Remark): string {
  return ` ${look ? 'CHECK ' : ''}${line === undefined ? '' : `line ${line}: `}${key} ${text}.`.replaceAll(
    '\n',
    ' ',
  );
}
