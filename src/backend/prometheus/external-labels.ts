import { parse } from 'yaml';

import { EMPTY_LABELS, labelsFrom } from '../../model/labels.ts';
import type { Labels } from '../../model/labels.ts';
import { messageOf } from '../../model/errors.ts';
import { EndpointError } from '../endpoint-error.ts';

/** Characters of the section: hundreds of labels. More would take long to parse. */
const LONGEST_SECTION = 65_536;

/**
 * Reads `global.external_labels` out of the configuration that a Prometheus prints. Only the `global` section is
 * parsed: configurations run to megabytes. Every scalar is taken as the text it is (`shard: "0"` stays `0`).
 */
export function parseExternalLabels(configuration: string): Labels {
  const section = globalSection(configuration);
  if (section === '') return EMPTY_LABELS;
  if (section.length > LONGEST_SECTION)
    throw unreadable(`its section global has ${section.length} characters, and ${LONGEST_SECTION} are read`);
  const labels = member(member(parsed(section), 'global'), 'external_labels');
  if (labels === undefined || labels === null || labels === '') return EMPTY_LABELS;
  if (typeof labels !== 'object' || Array.isArray(labels)) throw unreadable('external_labels is no mapping');
  return labelsFrom(Object.entries(labels).map(([name, value]) => [name, String(value)] as const));
}

function globalSection(configuration: string): string {
  const start = /^global:/m.exec(configuration)?.index;
  if (start === undefined) return '';
  const next = /\n[^\s#]/.exec(configuration.slice(start));
  return next === null ? configuration.slice(start) : configuration.slice(start, start + next.index + 1);
}

function parsed(section: string): unknown {
  try {
    return parse(section, { schema: 'failsafe' });
  } catch (thrown) {
    throw unreadable(messageOf(thrown));
  }
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

/** @param why may quote the configuration of the server. */
function unreadable(why: string): EndpointError {
  return new EndpointError(
    'bad_data',
    'its configuration could not be read for external labels; set external_labels for this endpoint',
    { detail: why },
  );
}
