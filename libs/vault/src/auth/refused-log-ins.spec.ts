import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { answer } from '../client/interceptors/interceptor.fixture.js';
import type { VaultRequest } from '../client/request/vault-request.js';
import type { VaultResponse } from '../client/answer/vault-response.js';
import { VaultNotFoundError } from '../errors/vault-not-found.error.js';
import { VaultPermissionDeniedError } from '../errors/vault-permission-denied.error.js';
import { VaultRateLimitedError } from '../errors/vault-rate-limited.error.js';
import { VaultRequestError } from '../errors/vault-request.error.js';
import { VaultSealedError } from '../errors/vault-sealed.error.js';
import { VaultServerError } from '../errors/vault-server.error.js';
import { appRole } from './approle/approle.auth-method.js';
import type { AuthMethod, LoginResult } from './auth-method.js';
import { TokenIdentity } from './token-identity.js';
import { token } from './token/token.auth-method.js';

const logIn = (method: AuthMethod, reply: () => VaultResponse | Promise<VaultResponse>, signal?: AbortSignal): Promise<LoginResult> =>
  method.login({ send: async () => reply(), signal });
const given = {
  clientToken: 's.made',
  accessor: 'a',
  entityId: 'e',
  leaseDuration: 60,
  renewable: true,
  numUses: 3,
} as never;

describe('AppRole', () => {
  const method = appRole({
    roleId: 'r',
    secretId: 'hunter2',
    mountPoint: 'ours',
  });

  it.each<[string, VaultRequestError | VaultPermissionDeniedError | VaultNotFoundError, string]>([
    [
      '400 and says why',
      new VaultRequestError('no', {
        status: 400,
        serverErrors: ['invalid secret id', 'try again'],
      }),
      'invalid secret id; try again',
    ],
    ['400 and says nothing', new VaultRequestError('no', { status: 400 }), 'HTTP 400'],
    [
      '403',
      new VaultPermissionDeniedError('no', {
        status: 403,
        serverErrors: ['permission denied'],
      }),
      'permission denied',
    ],
    ['404', new VaultNotFoundError('no', { status: 404 }), 'HTTP 404'],
  ])('is refused where Vault answers %s', async (_, cause, words) => {
    const error: unknown = await logIn(method, () => Promise.reject(cause)).catch((failure: unknown) => failure);
    expect(error).toMatchObject({
      code: 'VAULT_AUTHENTICATION_FAILED',
      cause,
      status: cause.status,
      message: expect.stringContaining(
        `Vault refused the AppRole log-in at auth/ours (${words}). Check VAULT_ROLE_ID and VAULT_SECRET_ID`,
      ) as string,
      remedy: expect.stringMatching(/wrong, expired, used up or bound to another address; check the mount and the namespace\.$/) as string,
    });
    expect(inspect(error, { depth: 9 })).not.toContain('hunter2');
  });

  it.each<[string, Error]>([
    ['sealed', new VaultSealedError('no', { status: 503 })],
    ['failing', new VaultServerError('no', { status: 500 })],
    ['asked too often', new VaultRateLimitedError('no', { status: 429 })],
    ['not asked at all, because a request cannot be sent', new VaultRequestError('no', { sent: false })],
    ['asked by a bug of ours', new TypeError('no')],
  ])('is not refused by a Vault that is %s: the error is passed on', async (_, error) =>
    expect(logIn(method, () => Promise.reject(error))).rejects.toBe(error),
  );

  it('gives the token with what Vault tells of it', async () => {
    const result = await logIn(method, () => answer(null, { auth: given, receivedAtMs: 7 }));
    expect(result).toMatchObject({
      ttlSeconds: 60,
      renewable: true,
      owned: true,
      numUses: 3,
      identity: 'e',
    });
    expect(inspect(result, { depth: 9 })).not.toContain('s.made');
  });

  it.each<[string, (asked: AbortSignal[]) => AuthMethod]>([
    ['role id', (asked) => appRole({ roleId: (signal) => (asked.push(signal), 'r') })],
    [
      'secret id',
      (asked) =>
        appRole({
          roleId: 'r',
          secretId: (signal) => (asked.push(signal), 's'),
        }),
    ],
  ])('hands the signal of the log-in to the function that gives its %s', async (_, methodOf) => {
    const asked: AbortSignal[] = [];
    const { signal } = new AbortController();
    await logIn(methodOf(asked), () => answer(null, { auth: given }), signal);
    expect(asked).toEqual([signal]);
  });
});

const refusal = (message: string): object => ({
  code: 'VAULT_AUTHENTICATION_FAILED',
  message: expect.stringContaining(message) as string,
  remedy: expect.stringMatching(
    /^Give VAULT_TOKEN \(option `auth: token\(\.\.\.\)`\) a live token that has the `default` policy/,
  ) as string,
});

describe('A token that exists already', () => {
  const method = token('s.hunter2');

  it('is refused where Vault denies its look-up, with what may be wrong with it', async () => {
    const cause = new VaultPermissionDeniedError('no', { status: 403 });
    const error: unknown = await logIn(method, () => Promise.reject(cause)).catch((failure: unknown) => failure);
    expect(error).toMatchObject({
      ...refusal('wrong, expired or revoked, its uses (`num_uses`) are spent, or its policy does not allow auth/token/lookup-self'),
      cause,
      status: 403,
    });
    expect(inspect(error, { depth: 9 })).not.toContain('hunter2');
  });

  it.each<[object, string]>([
    [{ ttl: 0, expire_time: '2020-01-01T00:00:00Z' }, 'The token has expired.'],
    [{ ttl: 60, num_uses: -1 }, 'The uses of the token are spent.'],
  ])('is refused where Vault tells %j', async (data, message) =>
    expect(logIn(method, () => answer(data))).rejects.toMatchObject(refusal(message)),
  );

  it.each<[object, object]>([
    [{ ttl: 1, expire_time: '2020-01-01T00:00:00Z' }, { ttlSeconds: 1 }],
    [
      { ttl: 60, num_uses: 0 },
      { ttlSeconds: 60, numUses: 0 },
    ],
    [
      { ttl: 60, num_uses: 4, renewable: true },
      { numUses: 4, renewable: true },
    ],
    [{ ttl: 60, renewable: 'yes' }, { renewable: false }],
    [{ entity_id: '', accessor: 'a' }, { identity: 'a' }],
    [{ entity_id: 'e', accessor: 'a' }, { identity: 'e' }],
  ])('is taken with %j for %j, and may look itself up', async (data, expected) =>
    expect(await logIn(method, () => answer(data))).toMatchObject({
      ...expected,
      canLookUpSelf: true,
      owned: false,
    }),
  );

  it('is sent with its own look-up, which ends with the log-in', async () => {
    const requests: VaultRequest[] = [];
    const { signal } = new AbortController();
    const send = async (request: VaultRequest): Promise<VaultResponse> => {
      requests.push(request);
      return answer({});
    };
    await token(' s.hunter2\n').login({ send, signal });
    expect(requests).toMatchObject([{ method: 'GET', path: 'auth/token/lookup-self', signal }]);
    const [request] = requests;
    expect(typeof request?.token === 'object' ? request.token.value.reveal() : request?.token).toBe('s.hunter2');
    expect(inspect(requests, { depth: 9 })).not.toContain('hunter2');
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['blanks', ' \n'],
    ['a number', 5],
    ['a file without a name', { file: ' ' }],
  ])('is refused at once where it is %s', (_, value) =>
    expect(() => token(value as string)).toThrow(
      expect.objectContaining({
        code: 'VAULT_CONFIGURATION_INVALID',
        setting: 'VAULT_TOKEN',
      }) as Error,
    ),
  );
});

describe('The identity of the tokens', () => {
  it.each<[string, readonly string[], number]>([
    ['is none before the first log-in', [], 0],
    ['changes with the first log-in', ['a'], 1],
    ['stays the same with another token of the same entity', ['a', 'a', 'a'], 1],
    ['changes with a token of another entity, and back', ['a', 'b', 'a'], 3],
  ])('%s', (_, identities, changes) => {
    const seen: string[] = [];
    const identity: TokenIdentity = new TokenIdentity(() => void seen.push(identity.value));
    expect(identity.value).toBe('');
    for (const each of identities) identity.become(each);
    expect(seen).toHaveLength(changes);
    expect(seen.at(-1) ?? '').toBe(identities.at(-1) ?? '');
  });
});
