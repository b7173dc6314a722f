import { readFileSync } from 'node:fs';
import nodeVault from 'node-vault';
import { describe, expect, it, vi } from 'vitest';
import { envelope, httpAnswer, RawServer, type RawRequest } from '../../../client/raw-server.fixture.js';
import type { NodeVaultClient } from '../../../client/node-vault/node-vault.door.js';
import { rawVault } from '../raw-vault.fixture.js';

const page = readFileSync(new URL('../../../../../../docs/reference/node-vault.md', import.meta.url), 'utf8');
const rows = page.split('\n').flatMap((line) => /^\| (?!What |-)(.*?) *\|/.exec(line)?.[1] ?? []);

interface Sides {
  readonly plain: NodeVaultClient;
  readonly ours: NodeVaultClient;
  readonly asked: { readonly plain: readonly RawRequest[]; readonly ours: readonly RawRequest[] };
  /** Both sides' outcome of one call: the answer, or the error. */
  readonly both: (call: (client: NodeVaultClient) => Promise<unknown>) => Promise<{ readonly plain: unknown; readonly ours: unknown }>;
}

function outcome(call: Promise<unknown>): Promise<unknown> {
  return call.catch((error: unknown) => error);
}

async function sides(reply: RawServer['reply'] = () => httpAnswer(200, envelope({ a: 1 })), check: (sides: Sides) => Promise<void>) {
  const server = await new RawServer(reply).listen();
  try {
    const { vault, requests } = await rawVault(reply);
    const plain = nodeVault({ endpoint: server.address, token: 's.plain-token' });
    await check({
      plain,
      ours: vault.nodeVault,
      asked: { plain: server.requests, ours: requests },
      both: async (call) => ({ plain: await outcome(call(plain)), ours: await outcome(call(vault.nodeVault)) }),
    });
  } finally {
    await server.close();
  }
}

const json =
  (status: number, body: object): (() => string) =>
  () =>
    httpAnswer(status, body, ['Content-Type: application/json']);
const logIn = json(200, envelope(null, { auth: { client_token: 's.new', policies: [], lease_duration: 60 } }));
const tokenOf = (request: RawRequest | undefined): string | undefined => /x-vault-token: (\S*)/i.exec(request?.head ?? '')?.[1];
/** Made anew for each call: plain node-vault writes its own token into it. */
const lesser = (): object => ({ headers: { 'x-vault-token': 's.lesser' } });

const differences: Record<string, () => Promise<void>> = {
  '`token`, `namespace`, `endpoint`, `apiVersion`, `pathPrefix` are set': () =>
    sides(undefined, async ({ ours, plain }) => {
      for (const name of ['token', 'namespace', 'endpoint', 'apiVersion', 'pathPrefix']) {
        expect(() => Object.assign(plain, { [name]: 's.other' })).not.toThrow();
        const refusal = expect.objectContaining({ code: 'VAULT_CONFIGURATION_INVALID' }) as Error;
        expect(() => Object.assign(ours, { [name]: 's.other' })).toThrow(refusal);
      }
      expect(await ours.read('a')).toMatchObject({ data: { a: 1 } });
    }),
  'a log-in, `tokenCreate`, `tokenRenew`': () =>
    sides(logIn, async ({ both, asked }) => {
      const made = await both((client) => client.tokenCreate({ ttl: '1h' }));
      expect(made.ours).toEqual(made.plain);
      await both((client) => client.read('a'));
      expect(tokenOf(asked.plain[1])).toBe('s.new');
      expect(tokenOf(asked.ours[1])).toBe('s.very-secret-token');
    }),
  'a token in the headers of a call': () =>
    sides(undefined, async ({ both, asked }) => {
      await both((client) => client.read('a', lesser()));
      expect([tokenOf(asked.plain[0]), tokenOf(asked.ours[0])]).toEqual(['s.plain-token', 's.lesser']);
      expect(asked.ours[0]?.head.match(/x-vault-token/gi)).toHaveLength(1);
      const empty = await both((client) => client.read('a', { headers: { 'X-Vault-Token': '' } }));
      expect(empty).toMatchObject({ plain: { data: { a: 1 } }, ours: { code: 'VAULT_REQUEST_INVALID' } });
    }),
  'the headers of an `update`': () =>
    sides(undefined, async ({ both, asked }) => {
      await both((client) => client.update('a', { b: 1 }, lesser()));
      expect([tokenOf(asked.plain[0]), tokenOf(asked.ours[0])]).toEqual(['s.plain-token', 's.lesser']);
      expect([asked.plain[0], asked.ours[0]].map((request) => /content-type: (.*)/i.exec(request?.head ?? '')?.[1])).toEqual([
        'application/merge-patch+json',
        'application/merge-patch+json',
      ]);
    }),
  'headers that are no plain object (`Headers`, a Map)': () =>
    sides(undefined, async ({ both, asked }) => {
      const read = await both((client) => client.read('a', { headers: new Headers({ 'x-vault-token': 's.lesser' }) as never }));
      expect(tokenOf(asked.plain[0])).toBe('s.plain-token');
      expect(read.ours).toMatchObject({ code: 'VAULT_REQUEST_INVALID' });
    }),
  '`Host` and the headers of the frame in a call': () =>
    sides(undefined, async ({ both, asked }) => {
      for (const name of ['Host', 'host', 'Transfer-Encoding', 'Content-Length', 'Connection']) {
        const sent = await both((client) => client.read('a', { headers: { [name]: 'other.test' } }));
        expect(sent.ours).toMatchObject({ code: 'VAULT_REQUEST_INVALID', message: expect.stringContaining(name) as string });
      }
      expect(asked.plain[0]?.head).toContain('other.test');
      expect(asked.ours).toEqual([]);
    }),
  '`ca`, `cert`, `key`, agents ... of a call': () =>
    sides(undefined, async ({ both }) => {
      const given = await both((client) => client.read('a', { strictSSL: false }));
      expect(given).toMatchObject({ plain: { data: { a: 1 } }, ours: { code: 'VAULT_REQUEST_INVALID' } });
    }),
  'the token of a log-in': () =>
    sides(logIn, async ({ both, asked }) => {
      await both((client) => client.approleLogin({ role_id: 'r' }));
      expect([tokenOf(asked.plain[0]), tokenOf(asked.ours[0])]).toEqual(['s.plain-token', undefined]);
    }),
  '`status`, `initialized`, `init`, `unseal`, `health`, `leader`': () =>
    sides(json(200, { sealed: false }), async ({ both, asked }) => {
      const given = { secret_shares: 1, secret_threshold: 1, key: 'k' };
      for (const name of ['status', 'initialized', 'init', 'unseal', 'health', 'leader'] as const)
        await both((client) => client[name](name === 'init' || name === 'unseal' ? given : {}));
      expect(new Set(asked.plain.map(tokenOf))).toEqual(new Set(['s.plain-token']));
      expect(new Set(asked.ours.map(tokenOf))).toEqual(new Set([undefined]));
      expect(asked.ours).toHaveLength(6);
    }),
  'the message of a failure': () =>
    sides(json(400, { errors: ['no such key: s3cret', 'second'] }), async ({ both }) => {
      const failed = await both((client) => client.write('a', { key: 's3cret' }));
      expect(failed.plain).toMatchObject({ message: 'no such key: s3cret' });
      expect(failed.ours).toMatchObject({ message: expect.stringContaining('POST a failed with HTTP 400') as string });
      expect(failed.ours).toMatchObject({ response: { statusCode: 400, body: { errors: ['no such key: [redacted]', 'second'] } } });
    }),
  'a failure that is no JSON': () =>
    sides(
      () => httpAnswer(400, 'bad gateway'),
      async ({ both }) => {
        const failed = await both((client) => client.read('a'));
        expect(failed).toMatchObject({ plain: { response: { body: 'bad gateway' } }, ours: { response: { body: { errors: [] } } } });
      },
    ),
  'an HTML page instead of an answer': () =>
    sides(
      () => httpAnswer(200, '<html>', ['Content-Type: text/html']),
      async ({ both }) => {
        expect(await both((client) => client.read('a'))).toMatchObject({ plain: '<html>', ours: { code: 'VAULT_RESPONSE_INVALID' } });
      },
    ),
  "a name with `#` or `'`": () =>
    sides(undefined, async ({ both, asked }) => {
      await both((client) => client.read('a#b'));
      await both((client) => client.getPolicy({ name: "o'brien" }));
      expect(asked.plain.map(({ target }) => target)).toEqual(['/v1/a', '/v1/sys/policy/o&']);
      expect(asked.ours.map(({ target }) => target)).toEqual(['/v1/a%23b', "/v1/sys/policy/o'brien"]);
    }),
  'a command without a name that it needs': () =>
    sides(undefined, async ({ both, asked }) => {
      const removed = await both((client) => client.removePolicy());
      expect(asked.plain[0]?.target).toBe('/v1/sys/policy/');
      expect(removed.ours).toMatchObject({ code: 'VAULT_PATH_INVALID', message: expect.stringContaining('`name`') as string });
    }),
  '`kubernetesPath` of a command': () =>
    sides(undefined, async ({ both, asked }) => {
      await both((client) => client.getKubernetesRole({ role_name: 'r' }));
      expect([asked.plain[0]?.target, asked.ours[0]?.target]).toEqual(['/v1/auth//role/r', '/v1/auth/kubernetes/role/r']);
    }),
  'slashes at the start of a path': () =>
    sides(undefined, async ({ both, asked }) => {
      await both((client) => client.read('/a'));
      expect([asked.plain[0]?.target, asked.ours[0]?.target]).toEqual(['/v1//a', '/v1/a']);
    }),
  'empty and relative segments in a path': () =>
    sides(undefined, async ({ both, asked }) => {
      for (const path of ['a//b', 'a/../b'])
        expect((await both((client) => client.read(path))).ours).toMatchObject({
          code: 'VAULT_PATH_INVALID',
          message: expect.stringContaining(path) as string,
        });
      expect([asked.plain.length, asked.ours.length]).toEqual([2, 0]);
    }),
  'a body that is an array': () =>
    sides(undefined, async ({ both, asked }) => {
      const sent = await both((client) => client.write('a', [1]));
      expect(sent.ours).toMatchObject({ code: 'VAULT_REQUEST_INVALID' });
      expect(asked.plain[0]?.body).toBe('[1]');
    }),
  '`requestOptions` of a command without a schema': () =>
    sides(undefined, async ({ both, asked }) => {
      await both((client) => client.mount({ mount_point: 'm', type: 'kv', requestOptions: lesser() }));
      expect(asked.plain[0]?.body).toContain('s.lesser');
      expect(asked.ours[0]?.body).toBe('{"mount_point":"m","type":"kv"}');
    }),
  'other statuses than 200 and 204': () =>
    sides(json(206, envelope({ a: 1 })), async ({ both }) => {
      const answered = await both((client) => client.read('a'));
      expect(answered).toMatchObject({ plain: { response: { statusCode: 206 } }, ours: { data: { a: 1 } } });
    }),
  redirects: async () => {
    const other = await new RawServer(json(200, envelope({}))).listen();
    const away = (): string => httpAnswer(307, '', [`Location: ${other.address}/v1/a`]);
    await sides(away, async ({ both }) => {
      expect((await both((client) => client.read('a'))).ours).toMatchObject({ code: 'VAULT_REQUEST_INVALID', status: 307 });
      expect(other.requests.map(tokenOf)).toEqual(['s.plain-token']);
    });
    await other.close();
  },
  '`startTokenRenewal`': () =>
    sides(undefined, async ({ ours, asked }) => {
      const timer = vi.spyOn(globalThis, 'setTimeout');
      await ours.startTokenRenewal({ ttl: 2_764_800 });
      expect(timer).not.toHaveBeenCalled();
      timer.mockRestore();
      expect(asked.ours).toEqual([]);
    }),
  '`startLeaseRenewal`': () =>
    sides(undefined, async ({ plain, ours }) => {
      const timer = vi.spyOn(globalThis, 'setTimeout').mockReturnValue({ unref: () => undefined } as never);
      for (const client of [plain, ours]) client.startLeaseRenewal('any/lease', 99_999_999);
      const [plainMs, ownMs] = timer.mock.calls.map(([, delayMs]) => delayMs);
      timer.mockRestore();
      expect(plainMs).toBeGreaterThan(2 ** 31);
      expect(ownMs).toBeLessThan(2 ** 31);
      await Promise.resolve();
    }),
};

describe('The page about node-vault', () => {
  it('has a row for each difference, and no other', () => expect(rows).toEqual(Object.keys(differences)));

  it.each(Object.entries(differences))('tells what differs: %s', (_, check) => expect(check()).resolves.toBeUndefined());
});
