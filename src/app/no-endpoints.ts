import type { Config } from '../config/config.ts';

/** Whether nothing is to be asked, and nothing is looked for. */
export function namesNoEndpoint({ endpoints, discovery }: Config): boolean {
  const { files, endpoints_file: list, http, kubernetes } = discovery;
  return [...endpoints, ...files, ...http, ...kubernetes].length === 0 && list === undefined;
}

export const NO_ENDPOINTS = 'no endpoints: every answer will be empty; name some with --endpoint';
