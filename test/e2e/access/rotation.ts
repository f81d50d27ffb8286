import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { hash } from '@node-rs/bcrypt';
import { Client, credentials, status } from '@grpc/grpc-js';
import { Agent, request } from 'undici';
import { callUnary } from '../../grpc/support.ts';
import { basic, folderOf, PAIR, type Certificates } from '../../app/access/support.ts';
import { CERTIFICATES, RENEWED } from '../../support/certificates.ts';
import { startTestGateway } from '../../support/running-gateway.ts';
import { until } from '../../support/until.ts';

const CLIENTS = 8;

/** What clients show, and what is in the files, in one round of changes. */
interface Round {
  readonly certificates: Certificates;
  readonly password: string;
  readonly token: string;
}

const roundOf = (i: number): Round => ({
  certificates: i % 2 === 0 ? CERTIFICATES : RENEWED,
  password: `password-${i}`,
  token: `token-of-round-${i}-0123456789`,
});

/**
 * Changes certificates of both servers, authorities of clients, passwords and tokens again and again while clients ask. Each secret is
 * known before it is asked for, as people do it: the former ones stay until clients have the new ones.
 */
export async function rotateUnderLoad(t: TestContext, rounds: number): Promise<void> {
  const { folder, write } = folderOf(t);
  let round = roundOf(0);
  const writeAll = async (now: Round, before: Round): Promise<void> => {
    write('ca.crt', now.certificates.ca + (before === now ? '' : before.certificates.ca));
    write('server.crt', now.certificates.server.cert);
    write('server.key', now.certificates.server.key);
    const hashes = await Promise.all([now, before].map(({ password }) => hash(password, 4)));
    const users = Object.fromEntries([now, before].map(({ password }, i) => [password, hashes[i]]));
    write(
      'tokens.yml',
      [...new Set([now.token, before.token])].map((token) => `${token}: ${token}\n`).join(''),
    );
    const clients = 'client_auth_type: RequireAndVerifyClientCert, client_ca_file: ca.crt';
    write(
      'web.yml',
      `tls_server_config: { ${PAIR}, ${clients} }\nbasic_auth_users: ${JSON.stringify(users)}\n`,
    );
  };
  await writeAll(round, round);
  const gateway = await startTestGateway([], {
    'http.config_file': `${folder}/web.yml`,
    'access.tokens_file': `${folder}/tokens.yml`,
    'grpc.tls': {
      cert_file: `${folder}/server.crt`,
      key_file: `${folder}/server.key`,
      client_ca_file: `${folder}/ca.crt`,
    },
  });
  t.after(() => gateway.close(0));

  const agentOf = ({ certificates: { ca, client } }: Round): Agent =>
    // Both authorities of servers are known to clients, as long as either is in use.
    new Agent({ connect: { ca: CERTIFICATES.ca + RENEWED.ca + ca, servername: 'store.example', ...client } });
  const statusOf = async (agent: Agent, headers: Readonly<Record<string, string>>): Promise<number> => {
    const answer = await request(`${gateway.url}/api/v1/query?query=1`, { dispatcher: agent, headers });
    await answer.body.dump();
    return answer.statusCode;
  };
  const bearer = ({ token }: Round) => ({ authorization: `Bearer ${token}` });
  const userOf = ({ password }: Round) => basic(password, password);

  const failures: string[] = [];
  let answered = 0;
  const over = new AbortController();
  /** With which secrets each client asks now. */
  const inUse = new Map<number, Round>();
  const load = async (_: unknown, i: number): Promise<void> => {
    let agent = agentOf(round);
    let known = round;
    for (let n = 0; !over.signal.aborted; n++) {
      if (known !== round || n % 50 === 0) {
        void agent.close();
        known = round;
        agent = agentOf(known);
      }
      inUse.set(i, known);
      try {
        const answer = await statusOf(agent, i % 2 === 0 ? bearer(known) : userOf(known));
        if (answer === 200) answered++;
        else failures.push(String(answer));
      } catch (thrown) {
        failures.push(String(thrown));
      }
    }
    await agent.close();
  };
  const loadGrpc = async (): Promise<void> => {
    while (!over.signal.aborted) {
      inUse.set(CLIENTS, round);
      const { ca, client } = round.certificates;
      const channel = credentials.createSsl(
        Buffer.from(CERTIFICATES.ca + RENEWED.ca + ca),
        Buffer.from(client.key),
        Buffer.from(client.cert),
      );
      const caller = new Client(gateway.grpcAddress, channel, {
        'grpc.ssl_target_name_override': 'store.example',
        'grpc.use_local_subchannel_pool': 1,
      });
      for (let n = 0; n < 20 && !over.signal.aborted; n++) {
        const { code, details } = await callUnary(caller, '/grpc.health.v1.Health/Check');
        if (code === status.OK) answered++;
        else failures.push(`gRPC: ${details}`);
      }
      caller.close();
    }
  };
  const running = [...Array.from({ length: CLIENTS }, load), loadGrpc()];
  try {
    for (let i = 1; i <= rounds; i++) {
      const [before, next] = [round, roundOf(i)];
      await writeAll(next, before);
      await until(`the secrets of round ${i} are known`, 20_000, async () => {
        const agent = agentOf(next);
        const statuses = await Promise.all(
          [bearer(next), userOf(next)].map((headers) => statusOf(agent, headers).catch(() => 0)),
        );
        await agent.destroy();
        return statuses.every((each) => each === 200);
      });
      round = next;
      await until('clients have the new secrets', 20_000, async () =>
        [...inUse.values()].every((each) => each === next),
      );
    }
  } finally {
    over.abort();
    await Promise.all(running);
  }
  t.diagnostic(`${answered} answers in ${rounds} rounds, ${failures.length} failures`);
  assert.deepEqual(failures, []);
  assert.ok(answered > rounds * CLIENTS, `only ${answered} requests were answered`);
}
