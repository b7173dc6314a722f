import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExactNumber } from '../../support/json/exact-number.js';
import { sealBody } from '../../support/redaction/seal-secret.js';
import { SecretValue } from '../../support/redaction/secret-value.js';
import { hideEchoes } from './hide-echoes.js';
import type { VaultRequest } from '../request/vault-request.js';

const post = (body: Record<string, unknown>, more: Partial<VaultRequest> = {}): VaultRequest => ({
  method: 'POST',
  path: 'x',
  body,
  ...more,
});

/** Letters that no sentence below has, and what a URL, a shell or JSON gives a meaning. */
const secret = fc
  .string({
    unit: fc.constantFrom(...'QXZqxz0123456789'.split(''), ...':/@?#&=%+;,. "\'\\<>{}|^~-_\n'.split(''), 'é', '€', '😀'),
    minLength: 8,
    maxLength: 40,
  })
  .filter((text) => /[a-z\d]{2}/i.test(text));

const carriers: Readonly<Record<string, (value: string) => Record<string, unknown>>> = {
  value: (value) => ({ password: value }),
  nested: (value) => ({ data: { list: [{ value }] } }),
  url: (value) => ({ connection_url: `postgresql://admin:${value}@db.example.com:5432/app`, name: 'app' }),
  dsn: (value) => ({ dsn: `host=db user=admin password=${value} sslmode=require` }),
  json: (value) => ({ credentials: JSON.stringify({ type: 'x', key: value }) }),
  'unredactable name': (value) => sealBody({ toJSON: value }),
};

const goQuoted = (value: string): string =>
  JSON.stringify(value).replaceAll(/[\u0080-\uffff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
const quotings: Readonly<Record<string, (value: string) => string>> = {
  plain: (value) => value,
  'upper case': (value) => value.replaceAll(/[a-z]/g, (letter) => letter.toUpperCase()),
  json: (value) => JSON.stringify(value),
  'json in json': (value) => JSON.stringify(JSON.stringify(value)),
  go: goQuoted,
  percent: encodeURIComponent,
  form: (value) => new URLSearchParams({ a: value }).toString(),
  base64: (value) => Buffer.from(value).toString('base64'),
  base64url: (value) => Buffer.from(value).toString('base64url'),
  'base64 of more': (value) => Buffer.from(`admin:${value}`).toString('base64'),
  hex: (value) => Buffer.from(value).toString('hex'),
};

const sentence = (quoted: string): string => `error verifying connection: failed with ${quoted} after host (SQLSTATE)`;

/** What of the secret is left to read: two characters of it that stand together, in the letters that only it has. */
const remains = (shown: string): readonly string[] => shown.match(/[QXZqxz0-9]{3,}/g) ?? [];

describe('What Vault says of a request', () => {
  it('shows no part of a value that was sent, in whatever form it is quoted', () => {
    fc.assert(
      fc.property(
        secret,
        fc.constantFrom(...Object.keys(carriers)),
        fc.constantFrom(...Object.keys(quotings)),
        (value, carrier, quoting) => {
          const quoted = quotings[quoting]?.(value) ?? '';
          const shown = hideEchoes(sentence(quoted), post(carriers[carrier]?.(value) ?? {}));
          expect(shown).not.toContain(quoted);
          expect(
            quoting.startsWith('base64') || quoting === 'hex'
              ? longestShared(shown, quoting === 'base64 of more' ? quoted.slice(9) : quoted)
              : remains(shown).filter((part) => value.toLowerCase().includes(part.toLowerCase())),
          ).toEqual([]);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it('shows no piece of it either, be it what stands between delimiters or any run', () => {
    const cut = fc.record({ from: fc.nat(), length: fc.integer({ min: 5, max: 12 }) });
    fc.assert(
      fc.property(
        secret,
        fc.constantFrom(...Object.keys(carriers)),
        cut,
        fc.constantFrom('"', "'", '`', ''),
        (value, carrier, { from, length }, mark) => {
          const words = value.match(/[\p{L}\p{N}]+/gu) ?? [];
          const start = from % Math.max(1, value.length - length);
          for (const piece of [words[from % words.length] ?? '', value.slice(start, start + length)]) {
            const shown = hideEchoes(sentence(`${mark}${piece}${mark}`), post(carriers[carrier]?.(value) ?? {}));
            expect(remains(shown)).toEqual([]);
          }
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it.each([
    [
      'invalid port ":PA" after host',
      { connection_url: 'postgresql://admin:S3:PA/xx@127.0.0.1:5432/app' },
      'invalid port "[redacted]" after host',
    ],
    ['invalid URL escape "%zz"', { connection_url: 'postgresql://a:b%zz@h/app' }, 'invalid URL escape "[redacted]"'],
    [
      'dial tcp: lookup ab1 on 127.0.0.53:53: no such host',
      { connection_url: 'postgresql://a:x@ab1/cd@h/app' },
      'dial tcp: lookup [redacted] on 127.0.0.53:53: no such host',
    ],
    ["invalid character 'S' after top-level value", { policy: 'path S3cret' }, "invalid character '[redacted]' after top-level value"],
    ['cannot unmarshal number 1e400', { n: new ExactNumber('1e400') }, 'cannot unmarshal number [redacted]'],
    ['bad 9007199254740993', { n: 9_007_199_254_740_993n }, 'bad [redacted]'],
  ])('%s: hides what was sent and leaves the sentence', (said, body, shown) => expect(hideEchoes(said, post(body))).toBe(shown));

  it('keeps the server that a URL names, and the words that explain', () => {
    const body = {
      plugin_name: 'postgresql-database-plugin',
      connection_url: 'postgresql://{{username}}:{{password}}@db.example.com:5432/app',
      username: 'vault-admin',
      password: 'hunter2-secret',
      allowed_roles: ['app'],
    };
    const said =
      'error creating database object: error verifying connection: failed to connect to host=db.example.com:5432: password authentication failed for user';
    expect(hideEchoes(said, post(body))).toBe(said);
    expect(hideEchoes(`${said} "vault-admin"`, post(body))).toBe(`${said} "[redacted]"`);
  });

  it.each([
    'lookup db.example.com on 10.0.0.53:53: no such host',
    'db.example.com:5432 (db.example.com): dial error: connection refused',
    'time: unknown unit in duration',
  ])('keeps what tells which server it is, and whole words: %s', (said) => {
    const body = {
      connection_url: 'postgresql://admin:QXZqxz@db.example.com:5432/app',
      creation_statements: ["CREATE ROLE VALID UNTIL '{{expiration}}'"],
    };
    expect(hideEchoes(said, post(body))).toBe(said);
  });

  it.each([
    ['postgresql://admin:pw@h/app?password=Qx@QXZqxz', 'cannot reach QXZqxz'],
    ['postgresql://admin:QXZ/QXZqxz@[::1]:5432/app', 'lookup QXZqxz: no such host'],
    ['postgresql://admin:QXZ/QXZqxz@h1:1,h2:1/app', 'lookup QXZqxz: no such host'],
    ['postgresql://admin:pwQXZqxz@QXZqxz/app', 'cannot reach QXZqxz'],
  ])('takes nothing for a server that may be a piece of a password: %s', (url, said) => {
    const shown = hideEchoes(said, post({ connection_url: url }));
    expect(shown).not.toMatch(/qxz/i);
    expect(shown).toContain('[redacted]');
  });

  it.each(['[::1]:5432', 'h1:5432,h2:5432'])('is dropped where a word could be a piece of a password before %s', (hosts) =>
    expect(hideEchoes('lookup for: no such thing', post({ connection_url: `postgresql://admin:not/for@you@${hosts}/app` }))).toBe(
      '[redacted]',
    ),
  );

  it('is dropped where a word could as well be a piece of a password', () => {
    const body = { connection_url: 'postgresql://admin:not/for@you@h/app' };
    expect(hideEchoes('lookup for: no such thing', post(body))).toBe('[redacted]');
  });

  it('is dropped where too much was sent to look for its parts', () =>
    expect(hideEchoes('failed at line 3', post({ text: 'x'.repeat(40_000) }))).toBe('[redacted]'));

  it.each([
    ['permission denied', {}],
    ['check-and-set parameter did not match the current version', { data: { password: 'hunter2-secret' }, options: { cas: 99 } }],
    ['unknown role: app', undefined],
    ['invalid lease', { lease_id: 'database/creds/lease/abc', increment: 60 }],
    ['lease is not renewable', { lease_id: 'database/creds/app/abc', increment: 60 }],
  ])('stays as it is where it quotes nothing: %s', (said, body) =>
    expect(hideEchoes(said, { method: 'POST', path: 'x', body, token: { value: new SecretValue('s.very-secret-token'), epoch: 1 } })).toBe(
      said,
    ),
  );

  it('names neither the token nor a path that is kept out of errors', () => {
    const request = post(
      {},
      {
        path: 'sys/leases/renew/database%2Fcreds%2Fxyzzy',
        pathTemplate: 'sys/leases/renew',
        token: { value: new SecretValue('hvs.QXZqxz123'), epoch: 1 },
      },
    );
    expect(hideEchoes('bad hvs.QXZqxz123 at database/creds/xyzzy, QXZqxz', request)).not.toMatch(/QXZ|xyzzy/);
  });

  it('takes a time that is bounded, whatever is said and sent', () => {
    const startedMs = performance.now();
    hideEchoes('"'.repeat(1_000_000), post({ text: '"\\'.repeat(15_000) }));
    hideEchoes('ab '.repeat(300_000), post({ text: 'ab '.repeat(10_000) }));
    for (const long of ['a', 'a.+-', 'a://b@c!', 'a://@', '{{', 'a://u:{{'])
      for (const [from, to] of [
        ['', ''],
        ['a://', '@h'],
      ] as const)
        hideEchoes('failed', post({ text: `${from}${long.repeat(30_000 / long.length)}${to}` }));
    const fields = Object.fromEntries(Array.from({ length: 2_000 }, (_, at) => [`k${at}`, `value-${at}`]));
    hideEchoes('"abc" "def" '.repeat(340), post(fields));
    expect(performance.now() - startedMs).toBeLessThan(5_000);
  });
});

/** Runs of more than six characters that both have. */
function longestShared(shown: string, quoted: string): readonly string[] {
  const runs = Array.from({ length: Math.max(0, quoted.length - 6) }, (_, at) => quoted.slice(at, at + 7));
  return runs.filter((run) => shown.includes(run));
}
