import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GrimoireServices } from './support/grimoire-services.js';

/** From the first line of the log to the last; the connect time-outs are 5 s for Vault and 3 s for the database. */
const longestMs = 10_000;

let grimoire: GrimoireServices;
let folder: string;
let otherAuthority: string;
let takenPort: number;
const taken = createServer();
beforeAll(async () => {
  grimoire = await GrimoireServices.start();
  folder = await mkdtemp(join(tmpdir(), 'grimoire-'));
  otherAuthority = join(folder, 'other-ca.pem');
  await writeFile(otherAuthority, rootCertificates[0] ?? '');
  taken.listen(0, '127.0.0.1');
  await once(taken, 'listening');
  takenPort = (taken.address() as AddressInfo).port;
});
afterAll(async () => {
  taken.close();
  await rm(folder, { recursive: true, force: true });
  await grimoire?.stop();
});

interface BadInput {
  readonly what: string;
  /** An empty text takes the variable away. */
  readonly change: () => Record<string, string>;
  readonly code: string;
  /** What the line must name. */
  readonly names: RegExp;
}

const secret = 'hunter22-hunter22';
const badInputs: readonly BadInput[] = [
  { what: 'no VAULT_ADDR', change: () => ({ VAULT_ADDR: '' }), code: 'VAULT_CONFIGURATION_INVALID', names: /VAULT_ADDR/ },
  {
    what: 'a malformed VAULT_ADDR',
    change: () => ({ VAULT_ADDR: 'localhost:8200' }),
    code: 'VAULT_CONFIGURATION_INVALID',
    names: /VAULT_ADDR/,
  },
  {
    what: 'a VAULT_ADDR with a password in it',
    change: () => ({ VAULT_ADDR: `https://app:${secret}@127.0.0.1:8200` }),
    code: 'VAULT_CONFIGURATION_INVALID',
    names: /VAULT_ADDR/,
  },
  {
    what: 'a VAULT_ADDR where nothing listens',
    change: () => ({ VAULT_ADDR: 'https://127.0.0.1:1' }),
    code: 'VAULT_UNREACHABLE',
    names: /VAULT_ADDR/,
  },
  {
    what: 'an unknown auth method',
    change: () => ({ VAULT_AUTH_METHOD: 'telepathy' }),
    code: 'VAULT_CONFIGURATION_INVALID',
    names: /VAULT_AUTH_METHOD/,
  },
  { what: 'an empty role id', change: () => ({ VAULT_ROLE_ID: '' }), code: 'VAULT_CONFIGURATION_INVALID', names: /VAULT_ROLE_ID/ },
  {
    what: 'a wrong secret id',
    change: () => ({ VAULT_SECRET_ID: secret }),
    code: 'VAULT_AUTHENTICATION_FAILED',
    names: /VAULT_SECRET_ID/,
  },
  {
    what: 'a CA file that is not there',
    change: () => ({ VAULT_CACERT: '/does/not/exist.pem' }),
    code: 'VAULT_CONFIGURATION_INVALID',
    names: /VAULT_CACERT/,
  },
  {
    what: 'a CA file that is a folder',
    change: () => ({ VAULT_CACERT: folder }),
    code: 'VAULT_CONFIGURATION_INVALID',
    names: /VAULT_CACERT/,
  },
  { what: 'the wrong CA', change: () => ({ VAULT_CACERT: otherAuthority }), code: 'VAULT_TLS_FAILED', names: /VAULT_CACERT/ },
  {
    what: 'a role that Vault does not have',
    change: () => ({ DB_CREDENTIALS: 'dynamic:nobody' }),
    code: 'VAULT_NOT_FOUND',
    names: /DB_CREDENTIALS.*nobody/,
  },
  {
    what: 'a static role that Vault does not have',
    change: () => ({ DB_CREDENTIALS: 'static:nobody' }),
    code: 'VAULT_NOT_FOUND',
    names: /DB_CREDENTIALS.*nobody/,
  },
  { what: 'no DB_HOST', change: () => ({ DB_HOST: '' }), code: 'GRIMOIRE_SETTING_INVALID', names: /DB_HOST/ },
  {
    what: 'a DB_HOST that does not exist',
    change: () => ({ DB_HOST: 'nowhere.invalid' }),
    code: 'DATABASE_CONFIGURATION_INVALID',
    names: /DB_HOST/,
  },
  {
    what: 'a port of the database where nothing listens',
    change: () => ({ DB_PORT: '1' }),
    code: 'DATABASE_SERVER_UNREACHABLE',
    names: /DB_PORT/,
  },
  {
    what: 'malformed DB_CREDENTIALS',
    change: () => ({ DB_CREDENTIALS: 'root' }),
    code: 'GRIMOIRE_SETTING_INVALID',
    names: /DB_CREDENTIALS/,
  },
  { what: 'a PORT in use', change: () => ({ PORT: String(takenPort) }), code: 'GRIMOIRE_PORT_IN_USE', names: /PORT/ },
];

describe('a start with bad input', () => {
  it.concurrent.each(badInputs)('ends with $code for $what', async ({ change, code, names }) => {
    const environment = { ...(await grimoire.environment()), DB_CONNECT_TIMEOUT_MS: '3000', ...change() };
    const program = grimoire.run('main.js', Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== '')));
    const exit = await program.exited;
    const fatal = program.lines.filter(({ level }) => level === 'fatal');
    expect({ exit, fatal }).toEqual({ exit: { code: 1, signal: null }, fatal: [expect.objectContaining({ code })] });
    const { message, remedy, setting, timestamp } = fatal[0] ?? {};
    expect(`${String(setting)} ${String(message)}`).toMatch(names);
    expect(remedy).toEqual(expect.stringMatching(/\w{3}/));
    expect(program.output).not.toContain(secret);
    expect(program.output).not.toMatch(/^\s+at .*\(/m);
    expect(Number(timestamp) - Number(program.lines[0]?.['timestamp'])).toBeLessThan(longestMs);
  });

  it('leaves no token behind in OpenBao', async () => {
    const { tokens } = grimoire.wiretap;
    expect(tokens.length).toBeGreaterThan(0);
    const lookups = await Promise.all(tokens.map((token) => grimoire.services.openbao.ask('POST', 'auth/token/lookup', { token })));
    expect(lookups.map(({ status }) => status)).toEqual(tokens.map(() => 403));
  });

  it('leaves no user behind in the database', async () => {
    await expect.poll(() => grimoire.mintedUsers(), { timeout: 20_000 }).toEqual([]);
  });
});

describe('the output', () => {
  it('holds no secret', () => {
    expect(grimoire.ledger.size).toBeGreaterThan(10);
    expect(grimoire.leaks()).toEqual([]);
  });
});
