import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { isVaultError } from '../../errors/is-vault-error.js';
import type { VaultOptions } from '../vault-options.js';
import type { Environment } from './environment-variables.js';
import { vaultOptionsFromEnvironment } from './environment.js';

const folder = mkdtempSync(join(tmpdir(), 'keyturn-words-'));
afterAll(() => rmSync(folder, { recursive: true }));

const read = (environment: Environment): VaultOptions =>
  vaultOptionsFromEnvironment({ VAULT_ADDR: 'https://vault.test', VAULT_TOKEN: 't', ...environment });

/** What the error says, and the variable that it names to programs. */
function refusalOf(environment: Environment): readonly [message: string, setting: string | undefined] {
  try {
    read(environment);
  } catch (error) {
    if (isVaultError(error, 'VAULT_CONFIGURATION_INVALID')) return [error.message, error.setting];
    throw error;
  }
  throw new TypeError('expected a refusal');
}

describe('VAULT_SKIP_VERIFY', () => {
  it.each(['true', 'TRUE', 'True', '1', 't', 'T', 'yes', ' yes '])('switches verification off where it is %j', (text) =>
    expect(read({ VAULT_SKIP_VERIFY: text }).tls?.skipVerify).toBe(true),
  );

  it.each(['false', 'FALSE', '0', 'f', 'F', 'no', 'No', '', ' '])('leaves verification on where it is %j', (text) =>
    expect(read({ VAULT_SKIP_VERIFY: text }).tls?.skipVerify).toBeUndefined(),
  );

  it.each(['on', 'off', 'y', 'n', '2', 'truee', 'null'])('is refused where it is %j', (text) =>
    expect(refusalOf({ VAULT_SKIP_VERIFY: text })).toEqual([
      'VAULT_SKIP_VERIFY is neither true nor false. Expected: true or false.',
      'VAULT_SKIP_VERIFY',
    ]),
  );
});

describe('VAULT_MAX_RETRIES', () => {
  it.each([
    ['0', 1],
    ['2', 3],
    ['07', 8],
    ['19', 20],
  ])('counts repetitions: %s of them are %i tries', (text, attempts) =>
    expect(read({ VAULT_MAX_RETRIES: text }).retry).toEqual({ attempts }),
  );

  it.each(['20', '-1', '1.5', '100', '1e1', 'x', '0x1'])('is refused where it is %s', (text) =>
    expect(refusalOf({ VAULT_MAX_RETRIES: text })).toEqual([
      'VAULT_MAX_RETRIES is not a number of repetitions. Expected: 0 to 19.',
      'VAULT_MAX_RETRIES',
    ]),
  );
});

describe('VAULT_CLIENT_TIMEOUT', () => {
  it.each([
    ['15', 15_000],
    ['0.5', 500],
    ['500ms', 500],
    ['1m30s', 90_000],
  ])('%s is %i ms', (text, timeoutMs) => expect(read({ VAULT_CLIENT_TIMEOUT: text }).http?.timeoutMs).toBe(timeoutMs));

  it.each(['0', '0s', '-1', '15 s', 'soon', '1h!', '∞'])('is refused where it is %s', (text) =>
    expect(refusalOf({ VAULT_CLIENT_TIMEOUT: text })).toEqual([
      'VAULT_CLIENT_TIMEOUT is not a duration. Expected seconds or a duration, such as 15 or 500ms.',
      'VAULT_CLIENT_TIMEOUT',
    ]),
  );
});

describe('The auth method', () => {
  it.each<[string, Environment, string]>([
    ['a token is given', {}, 'token'],
    ['a role id is given', { VAULT_ROLE_ID: 'r' }, 'approle'],
    ['a role id is given for OpenBao', { BAO_ROLE_ID: 'r' }, 'approle'],
    ['both are given, and the token is named', { VAULT_ROLE_ID: 'r', VAULT_AUTH_METHOD: 'token' }, 'token'],
    ['both are given, and AppRole is named', { VAULT_ROLE_ID: 'r', BAO_AUTH_METHOD: 'approle' }, 'approle'],
  ])('is found where %s', (_, environment, name) => expect(read(environment).auth.name).toBe(name));

  it('is named in a refusal with its first 40 characters alone: it could be a secret in the wrong place', () =>
    expect(refusalOf({ VAULT_AUTH_METHOD: 'x'.repeat(41) })).toEqual([
      `VAULT_AUTH_METHOD names an unknown auth method "${'x'.repeat(40)}". Expected: token or approle.`,
      'VAULT_AUTH_METHOD',
    ]));
});

describe('A variable that is not set, or cannot be read,', () => {
  it.each<[string, Environment, string, string]>([
    [
      'the address',
      { VAULT_ADDR: ' ' },
      'VAULT_ADDR',
      'VAULT_ADDR is not set, and the option `address` is not given. ' +
        'Set it to the address of Vault or OpenBao, such as https://127.0.0.1:8200.',
    ],
    [
      'the token',
      { VAULT_TOKEN: undefined },
      'VAULT_TOKEN',
      'VAULT_TOKEN is not set, and the option `auth` is not given. ' +
        'Set it (or VAULT_TOKEN_FILE) to a token (or VAULT_ROLE_ID and VAULT_SECRET_ID for AppRole).',
    ],
    [
      'the role id',
      { VAULT_AUTH_METHOD: 'approle' },
      'VAULT_ROLE_ID',
      'VAULT_ROLE_ID is not set, and the option `auth` is not given. Set it (or VAULT_ROLE_ID_FILE) to the role id of an AppRole.',
    ],
    [
      'the file of a namespace',
      { VAULT_NAMESPACE_FILE: '/none/namespace' },
      'VAULT_NAMESPACE_FILE',
      'The file /none/namespace of VAULT_NAMESPACE_FILE cannot be read (ENOENT). Check the path and its permissions.',
    ],
    [
      'a folder in the place of a file',
      { VAULT_NAMESPACE_FILE: folder },
      'VAULT_NAMESPACE_FILE',
      `The file ${folder} of VAULT_NAMESPACE_FILE cannot be read (EISDIR). Check the path and its permissions.`,
    ],
  ])('%s: is told with what to do', (_, environment, setting, message) => expect(refusalOf(environment)).toEqual([message, setting]));

  it.each<[string, string]>([
    ['with blanks around it', '  team  '],
    ['with a line break after it', 'team\n'],
  ])('is not one that is set %s: they are no part of the value', (_, text) => {
    const file = join(folder, 'namespace');
    writeFileSync(file, text);
    expect(read({ VAULT_NAMESPACE: text }).namespace).toBe('team');
    expect(read({ VAULT_NAMESPACE_FILE: file }).namespace).toBe('team');
    expect(read({ VAULT_NAMESPACE_FILE: ` ${file} ` }).namespace).toBe('team');
  });
});
