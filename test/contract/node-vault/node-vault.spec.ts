import { DevServices } from '@keyturn/dev-services';
import { token, VaultModule, VaultService } from '@keyturn/vault';
import { Test } from '@nestjs/testing';
import nodeVault from 'node-vault';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { contractServers, silent } from '../contract.context.js';
import { nodeVaultCalls, type EarlierAnswers, type NodeVaultCall } from './node-vault-calls.js';

interface Outcome {
  readonly call: NodeVaultCall;
  readonly answered?: unknown;
  readonly failed?: { readonly message: string; readonly response?: { readonly statusCode: number; readonly body: unknown } };
}

const calls = nodeVaultCalls(inject('servers').postgres.vault);
const commands = Object.keys(nodeVault({ endpoint: 'http://127.0.0.1:1' }).commands);
const title = ({ method, arguments: given }: NodeVaultCall): string =>
  `${method}(${
    typeof given === 'function'
      ? '...'
      : given
          .map((each) => JSON.stringify(each))
          .join(', ')
          .slice(0, 60)
  })`;

/** Commands that a test server refuses: it has no such engine, or TLS, or a Kubernetes, or it is not new; and two whose schema node-vault has wrong. */
const refusedHere = new Set(
  (
    'addKubernetesRole certLogin kubernetesLogin init enableAudit revokePrefix stepDown awsIamLogin gcpLogin githubLogin ' +
    'ldapLogin oktaLogin radiusLogin generateRootInit generateRootUpdate generateRootCancel'
  ).split(' '),
);

type Body = { readonly errors?: readonly string[] } | undefined;
const errorsOf = (body: unknown): readonly string[] => (body as Body)?.errors ?? [];
const withoutErrors = (body: unknown): unknown =>
  typeof body === 'object' ? { ...body, errors: Array.isArray((body as Body)?.errors) } : body;

/** example/auth_userpass.js of node-vault: enable the method unless it is there, then log in. */
async function exampleStart(vault: nodeVault.client): Promise<{ readonly enabled: boolean; readonly logIn: unknown }> {
  const mounted = (await vault.auths()) as object;
  // As the example asks: the answer has to be an object like any other.
  // eslint-disable-next-line no-prototype-builtins -- the example's own words
  const enabled = !mounted.hasOwnProperty('userpass/');
  if (enabled) await vault.enableAuth({ mount_point: 'userpass', type: 'userpass', description: 'userpass auth' });
  await vault.write('auth/userpass/users/me', { password: 'foo-password', policies: 'default' });
  return { enabled, logIn: await vault.userpassLogin({ username: 'me', password: 'foo-password' }) };
}

/** What differs between two servers: only its type is compared. */
const volatile =
  /time|expir|accessor|token$|^id$|uuid|secret_id$|ciphertext|certificate|serial|issuer|^key_id|request_id|lease_id|migration|modified|migration|modified|cluster|address|nonce|^otp$|username|password|^ttl$|keys?$|version_sha|build_date|^1$|hmac|last_renewal|data$|name$|sha|entity/;

function comparable(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => comparable(item, name));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, comparable(field, key)]));
  if (typeof value === 'string' && value.startsWith('-----BEGIN')) return 'PEM';
  return volatile.test(name) && value !== '' && value !== null && value !== undefined ? typeof value : value;
}

/** All calls in their order on one client; what a log-in left on it is taken away again. */
async function run(client: nodeVault.client, reset: () => void): Promise<readonly Outcome[]> {
  const answers = new Map<string, unknown>();
  const earlier: EarlierAnswers = (path) => {
    const [name = '', ...fields] = path.split('.');
    const found = fields.reduce<unknown>((value, field) => (value as Record<string, unknown> | undefined)?.[field], answers.get(name));
    return typeof found === 'string' ? found : `no ${path}`;
  };
  const outcomes: Outcome[] = [];
  for (const call of calls) {
    const given = typeof call.arguments === 'function' ? call.arguments(earlier) : call.arguments;
    const method = (client as unknown as Record<string, (...of: unknown[]) => Promise<unknown>>)[call.method];
    const outcome = await answerOf(call, async () => method?.(...structuredClone(given)));
    outcomes.push(outcome);
    if (outcome.failed === undefined) answers.set(call.as ?? call.method, outcome.answered);
    reset();
  }
  return outcomes;
}

/** KV v2 says for a moment after its mount that it is not ready. */
async function answerOf(call: NodeVaultCall, ask: () => Promise<unknown>): Promise<Outcome> {
  for (;;) {
    try {
      return { call, answered: await ask() };
    } catch (error) {
      const failed = error as NonNullable<Outcome['failed']>;
      if (!failed.message.includes('Upgrading from non-versioned')) return { call, failed };
    }
  }
}

describe('The calls that are compared', () => {
  it('are of every command that node-vault has', () => {
    const called = new Set(calls.map(({ method }) => method));
    expect(commands.filter((name) => !called.has(name))).toEqual([]);
    expect(commands.length).toBeGreaterThan(80);
  });

  it('are of every other method that asks the server', () => {
    const called = new Set(calls.map(({ method }) => method));
    expect([...called].filter((name) => !commands.includes(name)).toSorted()).toEqual([
      'delete',
      'help',
      'list',
      'read',
      'request',
      'update',
      'write',
    ]);
  });
});

describe.each(contractServers)('node-vault and vault.nodeVault on two servers alike, %s', (serverName) => {
  const closing: (() => Promise<void>)[] = [];
  let theirs: readonly Outcome[];
  let ours: readonly Outcome[];
  let example: nodeVault.client;

  beforeAll(async () => {
    const [first, second, third] = await Promise.all([server(), server(), server()]);
    const plain = nodeVault({ endpoint: first.address, token: first.token });
    theirs = await run(plain, () => {
      plain.token = first.token;
    });
    ours = await run(await door(second), () => undefined);
    example = await door(third);
  });
  afterAll(async () => {
    for (const close of closing) await close();
  });

  async function door({ address, token: rootToken }: Awaited<ReturnType<typeof server>>): Promise<nodeVault.client> {
    const module = await Test.createTestingModule({
      imports: [VaultModule.forRoot({ address, auth: token(rootToken), retry: false })],
    })
      .setLogger(silent)
      .compile();
    await module.init();
    closing.unshift(() => module.close());
    return module.get(VaultService).nodeVault;
  }

  async function server(): Promise<{ readonly address: string; readonly token: string }> {
    const distribution = serverName === 'OpenBao' ? 'openbao' : 'vault';
    const services = await DevServices.start({ openbao: { distribution, faults: false, mode: 'persistent' } });
    closing.push(() => services.stop());
    return { address: services.openbao.address, token: services.openbao.rootToken };
  }

  it.each(calls.map((call, index) => [title(call), index] as const))('give the same: %s', (_, index) => {
    const [own, their] = [ours[index], theirs[index]];
    expect(comparable(own?.answered)).toStrictEqual(comparable(their?.answered));
    expect(own?.failed === undefined).toBe(their?.failed === undefined);
    const [ownBody, theirBody] = [own?.failed?.response, their?.failed?.response];
    // No token goes with a log-in: then Vault does not tell that the mount is not there.
    const hidden = theirBody?.statusCode === 404 && own?.call.method.endsWith('Login') === true;
    expect(ownBody?.statusCode).toBe(hidden ? 403 : theirBody?.statusCode);
    expect(comparable(withoutErrors(ownBody?.body))).toStrictEqual(comparable(withoutErrors(theirBody?.body)));
    expect(errorsOf(ownBody?.body)).toHaveLength(errorsOf(theirBody?.body).length);
    // Our words have no space around them and nothing that was sent.
    for (const [at, words] of errorsOf(ownBody?.body).entries())
      for (const part of words.split('[redacted]')) expect(hidden ? part : errorsOf(theirBody?.body)[at]).toContain(part);
  });

  it('get an answer to most commands, so that answers are compared and not only refusals', () => {
    const answered = new Set(theirs.flatMap(({ call, failed }) => (failed === undefined ? call.method : [])));
    expect(commands.filter((name) => !answered.has(name) && !refusedHere.has(name))).toEqual([]);
  });

  it("run node-vault's example of a start, the second time on what the first one made", async () => {
    const starts: unknown[] = [];
    for (let start = 0; start < 2; start += 1) starts.push(await exampleStart(example));
    expect(starts).toEqual([
      { enabled: true, logIn: expect.objectContaining({ auth: expect.any(Object) as object }) as object },
      { enabled: false, logIn: expect.objectContaining({ auth: expect.any(Object) as object }) as object },
    ]);
  });
});
