import type { IncomingHttpHeaders } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { Agent, request } from 'undici';
import type { RunningGateway } from '../../../src/app/start-gateway.ts';
import { CERTIFICATES } from '../../support/certificates.ts';
import { startTestGateway } from '../../support/running-gateway.ts';

/** The password of each of these users is its name, with "123" behind it. */
export const USERS: { readonly carol: string; readonly dave: string } = {
  carol: '$2y$10$qRTBuFoULoYNA7AQ/F3ck.trZBPyjV64.oA4ZsSBCIWvXuvQlQTuu',
  dave: '$2y$10$2UXri9cIDdgeKjBo4Rlpx.U3ZLDV8X1IxKmsfOvhcM5oXQt/mLmXq',
};

export const PAIR = 'cert_file: server.crt, key_file: server.key';

export type Certificates = typeof CERTIFICATES;

export function basic(user: string, password: string): { readonly authorization: string } {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}

/** A folder with certificates in it, and what writes into it. */
export interface Folder {
  readonly folder: string;
  readonly write: (name: string, text: string) => string;
  readonly writeCertificates: (certificates: Certificates) => void;
}

export function folderOf(t: TestContext): Folder {
  const folder = mkdtempSync(join(tmpdir(), 'promweave-access-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const write = (name: string, text: string): string => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  const writeCertificates = ({ ca, server }: Certificates): void => {
    write('ca.crt', ca);
    write('server.crt', server.cert);
    write('server.key', server.key);
  };
  writeCertificates(CERTIFICATES);
  return { folder, write, writeCertificates };
}

/** A gateway with this web configuration. */
export async function gatewayWithWeb(
  t: TestContext,
  web: string,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<Folder & { readonly gateway: RunningGateway }> {
  const files = folderOf(t);
  const file = files.write('web.yml', web);
  const gateway = await startTestGateway([], { 'http.config_file': file, ...settings });
  t.after(() => gateway.close(0));
  return { ...files, gateway };
}

export interface Client {
  /** The authority that it trusts, and what it shows. */
  readonly certificates?: Certificates;
  readonly showsCertificate?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** The status of an answer, its headers and its text; status 0 where no connection could be made. */
export async function get(
  { url }: Pick<RunningGateway, 'url'>,
  path: string,
  { certificates = CERTIFICATES, showsCertificate = false, headers = {} }: Client = {},
): Promise<Answer> {
  const { ca, client } = certificates;
  const dispatcher = new Agent({
    connect: { ca, servername: 'store.example', ...(showsCertificate && client) },
    keepAliveTimeout: 1,
  });
  try {
    const answer = await request(url + path, { dispatcher, headers });
    return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
  } catch (thrown) {
    return { status: 0, headers: {}, text: String(thrown) };
  } finally {
    await dispatcher.destroy();
  }
}
