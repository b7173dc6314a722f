import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { VaultRuntime } from '../../../assembly/vault-runtime.js';
import { token } from '../../../auth/token/token.auth-method.js';
import { envelope, httpAnswer, RawServer } from '../../../client/raw-server.fixture.js';
import { resolveVaultOptions } from '../../../config/resolve-options.js';
import { isVaultError } from '../../../errors/is-vault-error.js';
import { VaultService } from '../../vault.service.js';

const rootToken = 's.very-secret-token';
const marker = 'sk_live_marker';
let server: RawServer;
let runtime: VaultRuntime;
let vault: VaultService;
let respond: () => string | Buffer;

beforeAll(async () => {
  server = await new RawServer(({ target }) =>
    target === '/v1/auth/token/lookup-self' ? httpAnswer(200, envelope({ ttl: 0, renewable: false, accessor: 'a' })) : respond(),
  ).listen();
  const options = resolveVaultOptions({
    address: server.address,
    auth: token(rootToken),
    cache: false,
    retry: false,
    http: { timeoutMs: 2_000, maxResponseBytes: 65_536 },
  });
  runtime = VaultRuntime.connect(options);
  vault = new VaultService(runtime);
  await runtime.session.current();
});
afterAll(async () => {
  await runtime.close();
  await server.close();
});
beforeEach(() => {
  server.requests.length = 0;
});

const name = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc
    .array(
      fc.constantFrom(
        '..',
        '.',
        '%2e',
        '%2E%2e',
        '?',
        '#',
        '\\',
        '/',
        '//',
        '%2f',
        '%00',
        '\n',
        '\u0000',
        'a',
        '__proto__',
        "o'brien",
        ';',
        '😀',
        '\ud800',
        'ﬀ',
        '&',
        '=',
        ' ',
      ),
      { maxLength: 8 },
    )
    .map((parts) => parts.join('')),
  fc.integer({ min: 3_000, max: 10_240 }).map((length) => 'n'.repeat(length)),
);

describe('VaultService under hostile names', () => {
  it('sends 10,000 of them exactly where they belong, or fails typed before anything is sent', async () => {
    respond = () => httpAnswer(200, envelope({ data: { a: 1 }, metadata: { version: 1 } }));
    const property = fc.asyncProperty(name, fc.option(name, { nil: undefined }), async (path, mountPoint) => {
      server.requests.length = 0;
      const outcome = await vault.getSecret(path, { mountPoint }).then(
        () => 'sent',
        (error: unknown) => (isVaultError(error) ? error.code : 'untyped'),
      );
      const mount = (mountPoint ?? 'secret').replace(/\/$/, '');
      const [sent, ...more] = server.requests.map(({ target }) => target);
      expect(more).toEqual([]);
      return sent === undefined ? outcome === 'VAULT_PATH_INVALID' : outcome === 'sent' && reaches(sent, `/v1/${mount}/data/${path}`);
    });
    await fc.assert(property, { numRuns: 10_000 });
  }, 60_000);
});

/** Whether a request target leads to exactly that path, through a URL parser as well. */
function reaches(target: string, path: string): boolean {
  return decodeURIComponent(target) === path && !/[?#\\]/.test(target) && new URL(`http://vault${target}`).pathname === target;
}

const anyValue = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom(null, -1, 1e300, '', [], {}, true, marker));
const wrongEnvelope = fc.record(
  {
    request_id: anyValue,
    lease_id: anyValue,
    lease_duration: anyValue,
    renewable: anyValue,
    data: anyValue,
    auth: anyValue,
    wrap_info: anyValue,
    warnings: anyValue,
  },
  { requiredKeys: [] },
);
const wellFormed = JSON.stringify(envelope({ data: { apiKey: marker }, metadata: { version: 1 } }));
const body = fc.oneof(
  wrongEnvelope.map((value) => JSON.stringify(value)),
  fc.json({ maxDepth: 4 }),
  fc.integer({ min: 0, max: wellFormed.length - 1 }).map((length) => wellFormed.slice(0, length)),
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.constantFrom(
    `<html><body>${marker}</body></html>`,
    `{"data":{"data":{"a":"${marker}"},"data":5}}`,
    `{"__proto__":{"polluted":true},"request_id":"x","data":{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}}`,
    `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
    `{"request_id":"x","data":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}}`,
    `"${'x'.repeat(70_000)}"`,
    '\ufeff{}',
    'null',
    '',
  ),
);
const status = fc.constantFrom(
  200,
  200,
  200,
  200,
  201,
  202,
  204,
  206,
  300,
  301,
  302,
  307,
  308,
  400,
  403,
  404,
  405,
  412,
  418,
  429,
  472,
  473,
  500,
  501,
  502,
  503,
  599,
);
const headers = fc.constantFrom<string[]>(
  [],
  [],
  ['Retry-After: soon'],
  ['Retry-After: -5'],
  ['Location: http://127.0.0.1:1/v1/elsewhere'],
  ['Location: //evil.test/v1/x'],
  ['Content-Type: text/html'],
  ['Content-Encoding: gzip'],
  ['Set-Cookie: a=b', 'Set-Cookie: c=d'],
);
const broken = fc.constantFrom(
  'HTTP/1.1 abc\r\n\r\n',
  'HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n',
  'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
  '\u0000\u0001\u0002\r\n\r\n',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnothex\r\n',
);
const bytes = fc.oneof(
  {
    weight: 19,
    arbitrary: fc.tuple(status, body, headers).map(([code, text, lines]) => httpAnswer(code, code === 204 ? '' : text, lines)),
  },
  { weight: 1, arbitrary: broken },
);

/** Megabytes in use after a collection. */
function memoryMb(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 1_048_576;
}

describe('VaultService under malformed answers', () => {
  it('takes 10,000 of them as an answer or as a typed error that shows no secret, in bounded memory', async () => {
    let failures = 0;
    const property = fc.asyncProperty(bytes, async (malformed) => {
      respond = () => malformed;
      server.requests.length = 0;
      const error: unknown = await vault.getSecret('app').catch((failure: unknown) => failure);
      const failed = error instanceof Error;
      if (failed) failures += 1;
      const shown = failed ? `${inspect(error, { depth: 9, showHidden: true })} ${JSON.stringify(error)}` : '';
      expect(failed && !isVaultError(error) ? error : undefined).toBeUndefined();
      expect(shown).not.toContain(rootToken);
      expect(shown).not.toContain(marker);
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    });
    const beforeMb = memoryMb();
    await fc.assert(property, { numRuns: 10_000 });
    expect(failures).toBeGreaterThan(5_000);
    expect(memoryMb() - beforeMb).toBeLessThan(64);
  }, 120_000);
});
