import type { CallScope } from '../../../model/request-scope.ts';
import { EndpointError } from '../../endpoint-error.ts';
import { statusError } from '../api-call.ts';
import { readAll, type HttpCall, type HttpClient } from '../http-client.ts';

/** Of the metrics of one Prometheus: dozens of scrape configurations make a megabyte. */
const MOST_BYTES = 16 * 1024 ** 2;

/** Characters, with a time behind it. What is told is kept with all that was proven meanwhile. */
const LONGEST_NUMBER = 60;

const RELOADED = 'prometheus_config_last_reload_successful';

/**
 * What a Prometheus tells of itself by its own metrics. It sets the time of a reload when the configuration is in force; blocks that
 * were put into its folder count from when it has loaded them.
 */
const STATE = [
  'process_start_time_seconds',
  'prometheus_config_last_reload_success_timestamp_seconds',
  'prometheus_tsdb_blocks_loaded',
  'prometheus_tsdb_storage_blocks_bytes',
];

/** Servers of today send these alone; older ones take no heed of the names, and send all of their metrics. */
const METRICS_CALL: HttpCall = {
  method: 'GET',
  path: `/metrics?${[RELOADED, ...STATE].map((name) => `name%5B%5D=${name}`).join('&')}`,
  headers: { accept: 'text/plain;version=0.0.4' },
};

/**
 * A text that changes with what a server may have of series: with its start, its configuration, its blocks. Throws EndpointError where
 * it does not tell, or where its last reload failed, because then parts of the new configuration may be in force.
 */
export async function readState(client: HttpClient, scope: CallScope): Promise<string> {
  const answer = await client.send(METRICS_CALL, scope);
  if (answer.status !== 200) throw await statusError(answer, METRICS_CALL);
  const body = await readAll(answer, undefined, MOST_BYTES);
  if (sampleOf(body, RELOADED) !== '1') throw untold('its last change of the configuration failed');
  return STATE.map((name) => sampleOf(body, name)).join(' ');
}

/** The value of a metric without labels, as it is written. */
function sampleOf(body: Buffer, name: string): string {
  const at = body.indexOf(`\n${name} `);
  if (at < 0) throw untold(`its metrics lack ${name}`);
  const start = at + name.length + 2;
  const end = body.indexOf('\n', start);
  const stop = end < 0 ? body.length : end;
  if (stop - start > LONGEST_NUMBER) throw untold(`its metrics have no number for ${name}`);
  return body.toString('latin1', start, stop).trim();
}

function untold(why: string): EndpointError {
  return new EndpointError('bad_data', `it does not tell whether it was changed: ${why}`);
}
