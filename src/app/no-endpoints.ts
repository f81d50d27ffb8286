import type { Config } from '../config/config.ts';

/** Whether nothing is to be asked, and nothing is looked for. */
export function namesNoEndpoint({ endpoints, discovery }: Config): boolean {
  const { files, endpoints_file: list, http, kubernetes } = discovery;
  return [...endpoints, ...files, ...http, ...kubernetes].length === 0 && list === undefined;
}

export const NO_ENDPOINTS = 'no endpoints: every answer will be empty; name some with --endpoint';

/** What is to be said of a gateway that knows no endpoint, as the second half of a sentence. */
export function lackOfEndpoints(config: Config): string {
  return namesNoEndpoint(config)
    ? 'it has no endpoints, so every answer is empty; name some with --endpoint, or under endpoints or discovery of the configuration'
    : 'discovery found no endpoint, so every answer is empty until it does; /api/v1/stores says where it looks, and what it finds';
}
