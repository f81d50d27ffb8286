import { defined, type Mapping, type Path, type Reading } from './reading.ts';

/** What of Prometheus' HTTP client has no counterpart: whether answers may differ, and why. */
const WITHOUT: Readonly<Record<string, readonly [look: boolean, text: string]>> = {
  dial_timeout: [
    false,
    'is not needed: a server that does not take connections is found by its health check',
  ],
  dial_network: [false, 'has no counterpart: both families of addresses are tried'],
  fallback_delay: [false, 'has no counterpart: both families of addresses are tried'],
  follow_redirects: [false, 'has no counterpart: redirects are not followed, so name the server itself'],
  enable_http2: [false, 'has no counterpart: servers are asked over HTTP/1.1'],
  oauth2: [
    true,
    'has no counterpart: put a token into a file that something renews, and name it in bearer_token_file',
  ],
  sigv4: [true, 'has no counterpart: put a signing proxy in front of the server'],
  proxy_url: [true, 'has no counterpart: name the address of a server that passes requests on'],
  proxy_from_environment: [true, 'has no counterpart: proxies of the environment are not used'],
  no_proxy: [true, 'has no counterpart: no proxies are used'],
  proxy_connect_header: [true, 'has no counterpart: no proxies are used'],
};

/** How a server is asked, of an `http_client` block or of what stands in the place of one. */
export function accessOf(reading: Reading, path: Path): Mapping {
  for (const [name, [look, text]] of Object.entries(WITHOUT))
    if (reading.keys(path).includes(name)) reading.remark([...path, name], look, text);
  const at = (...steps: readonly string[]): string | undefined => reading.text([...path, ...steps]);
  return defined({
    basic_auth: basicAuthOf(reading, path),
    bearer_token: at('bearer_token') ?? bearer(reading, path, 'credentials'),
    bearer_token_file: at('bearer_token_file') ?? bearer(reading, path, 'credentials_file'),
    tls: tlsOf(reading, [...path, 'tls_config']),
  });
}

function basicAuthOf(reading: Reading, path: Path): Mapping | undefined {
  const at = [...path, 'basic_auth'];
  if (reading.keys(at).length === 0) return undefined;
  if (reading.keys(at).includes('username_file'))
    reading.remark([...at, 'username_file'], true, 'has no counterpart: write the name as username');
  return defined({
    username: reading.text([...at, 'username']),
    password: reading.text([...at, 'password']),
    password_file: reading.text([...at, 'password_file']),
  });
}

function bearer(reading: Reading, path: Path, name: string): string | undefined {
  const at = [...path, 'authorization'];
  const type = reading.text([...at, 'type']) ?? 'Bearer';
  if (type.toLowerCase() === 'bearer') return reading.text([...at, name]);
  if (reading.keys(at).includes(name))
    reading.remark(
      [...at, name],
      true,
      `is of type ${type}, which has no counterpart: send it as a header (endpoints[].headers)`,
    );
  return undefined;
}

function tlsOf(reading: Reading, path: Path): Mapping | undefined {
  for (const name of ['ca', 'cert', 'key'])
    if (reading.keys(path).includes(name))
      reading.remark(
        [...path, name],
        true,
        `is a certificate or a key within the file: put it into a file of its own, and name it in tls.${name}_file`,
      );
  for (const name of ['min_version', 'max_version'])
    if (reading.keys(path).includes(name))
      reading.remark([...path, name], false, 'has no counterpart: TLS 1.2 and 1.3 are spoken');
  const skip = reading.text([...path, 'insecure_skip_verify']);
  const tls = defined({
    ca_file: reading.text([...path, 'ca_file']),
    cert_file: reading.text([...path, 'cert_file']),
    key_file: reading.text([...path, 'key_file']),
    server_name: reading.text([...path, 'server_name']),
    insecure_skip_verify: skip === 'true' ? true : undefined,
  });
  return Object.keys(tls).length === 0 ? undefined : tls;
}
