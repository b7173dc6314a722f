import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { afterAll, describe, expect, it } from 'vitest';
import { token } from '../../auth/token/token.auth-method.js';
import type { TlsMaterial } from '../../client/http/http-options.js';
import { isVaultError } from '../../errors/is-vault-error.js';
import { resolveVaultOptions } from '../resolve-options.js';
import type { VaultTlsOptions } from '../vault-options.js';

const folder = mkdtempSync(join(tmpdir(), 'keyturn-tls-'));
afterAll(() => rmSync(folder, { recursive: true }));

const [one = '', other = ''] = rootCertificates;
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
/** A folder with these files. */
const folderOf = (files: Readonly<Record<string, string>>): string => {
  const path = mkdtempSync(join(folder, 'authorities-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  return path;
};
const keyOf = (passphrase?: string): string =>
  generateKeyPairSync('ec', {
    namedCurve: 'prime256v1',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem', ...(passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase }) },
  }).privateKey;

const read = (tls: VaultTlsOptions): TlsMaterial => resolveVaultOptions({ address: 'https://vault.test', auth: token('t'), tls }).tls;

/** What the error says, and the variable that it names to programs. */
function refusalOf(tls: VaultTlsOptions): readonly [message: string, setting: string | undefined] {
  try {
    read(tls);
  } catch (error) {
    if (isVaultError(error, 'VAULT_CONFIGURATION_INVALID')) return [error.message, error.setting];
    throw error;
  }
  throw new TypeError('expected a refusal');
}

describe('Whom to trust', () => {
  it.each<[string, () => VaultTlsOptions, string | undefined]>([
    ['a file', () => ({ caFile: file('ca.pem', one) }), one],
    ['text', () => ({ ca: other }), other],
    ['a file before text and a folder', () => ({ caFile: file('ca.pem', one), ca: other, caFolder: '/none' }), one],
    ['text before a folder', () => ({ ca: other, caFolder: '/none' }), other],
    ['nobody but the system', () => ({}), undefined],
  ])('is said by %s', (_, tls, expected) => expect(read(tls()).ca).toBe(expected));

  it.each([
    ['ca.pem', true],
    ['ca.crt', true],
    ['ca.cer', true],
    ['5ed36f99.0', true],
    ['5ed36f99.9', true],
    ['ca.PEM', false],
    ['ca.pem.bak', false],
    ['capem', false],
    ['ca.txt', false],
  ])('is said by the file %s of a folder: %s', (name, isRead) => {
    const caFolder = folderOf({ 'first.pem': one, [name]: other });
    expect(read({ caFolder }).ca).toHaveLength(isRead ? 2 : 1);
  });

  it('is said by no file of a folder without a certificate in it, and by no folder below', () => {
    const caFolder = folderOf({ 'ca.pem': one, 'key.pem': keyOf(), 'empty.crt': '' });
    mkdirSync(join(caFolder, 'below.pem'));
    expect(read({ caFolder }).ca).toEqual([one]);
  });

  it.each<[string, () => VaultTlsOptions, RegExp, string]>([
    [
      'the file is not there',
      () => ({ caFile: '/none/ca.pem' }),
      /^The file \/none\/ca\.pem of VAULT_CACERT \(option `tls\.caFile`\) cannot be read \(ENOENT\)\. Check the path/,
      'VAULT_CACERT',
    ],
    [
      'the file is a folder',
      () => ({ caFile: folder }),
      /VAULT_CACERT \(option `tls\.caFile`\) cannot be read \(EISDIR\)\. Check the path and its permissions\.$/,
      'VAULT_CACERT',
    ],
    [
      'the file holds a key instead',
      () => ({ caFile: file('key-as-ca.pem', keyOf()) }),
      /^VAULT_CACERT .*key-as-ca\.pem, holds no certificate in PEM form\. Expected: -----BEGIN CERTIFICATE-----/,
      'VAULT_CACERT',
    ],
    [
      'the text is cut off',
      () => ({ ca: one.slice(0, 200) }),
      /^VAULT_CACERT_BYTES \(option `tls\.ca`\) holds no certificate in PEM form\./,
      'VAULT_CACERT_BYTES',
    ],
    [
      'the folder is not there',
      () => ({ caFolder: '/none' }),
      /^The folder \/none of VAULT_CAPATH \(option `tls\.caFolder`\) cannot be read \(ENOENT\)\./,
      'VAULT_CAPATH',
    ],
    [
      'a file of the folder is not there',
      () => {
        const caFolder = folderOf({});
        symlinkSync('/none/ca.pem', join(caFolder, 'dangling.pem'));
        return { caFolder };
      },
      /^The file .*dangling\.pem of VAULT_CAPATH \(option `tls\.caFolder`\) cannot be read \(ENOENT\)\./,
      'VAULT_CAPATH',
    ],
    [
      'the folder holds no certificate',
      () => ({ caFolder: folderOf({ 'notes.txt': one }) }),
      /^The folder .* of VAULT_CAPATH .* holds no certificate\. Expected: \.pem, \.crt or \.cer files in PEM form\.$/,
      'VAULT_CAPATH',
    ],
  ])('is refused where %s, and nothing of it is shown', (_, tls, message, setting) => {
    const [said, named] = refusalOf(tls());
    expect(said).toMatch(message);
    expect(named).toBe(setting);
    expect(said).not.toMatch(/[A-Za-z0-9+/]{60}/);
  });
});

describe('A client certificate', () => {
  it.each<[string, () => VaultTlsOptions, string, RegExp]>([
    [
      'without its key',
      () => ({ certFile: file('c.pem', one) }),
      'VAULT_CLIENT_KEY',
      /needs both VAULT_CLIENT_CERT \(option `tls\.certFile`\) and VAULT_CLIENT_KEY \(option `tls\.keyFile`\)\. Set both, or neither\.$/,
    ],
    ['that is left out beside its key', () => ({ keyFile: file('c.key', keyOf()) }), 'VAULT_CLIENT_CERT', /Set both, or neither\.$/],
    [
      'that is none',
      () => ({ certFile: file('none.pem', 'hello'), keyFile: file('c.key', keyOf()) }),
      'VAULT_CLIENT_CERT',
      /^VAULT_CLIENT_CERT .*none\.pem, holds no certificate in PEM form\./,
    ],
    [
      'whose key is none',
      () => ({ certFile: file('c.pem', one), keyFile: file('none.key', 'hello') }),
      'VAULT_CLIENT_KEY',
      /none\.key, holds no private key that can be used \(.+\)\. Expected: -----BEGIN PRIVATE KEY-----/,
    ],
    [
      'whose key is encrypted',
      () => ({ certFile: file('c.pem', one), keyFile: file('locked.key', keyOf('passphrase')) }),
      'VAULT_CLIENT_KEY',
      /there is no option for its passphrase: decrypt it, and protect the file by its permissions\.$/,
    ],
    [
      'of another key',
      () => ({ certFile: file('c.pem', one), keyFile: file('c.key', keyOf()) }),
      'VAULT_CLIENT_KEY',
      /^The key of VAULT_CLIENT_KEY .*c\.key, is not that of the certificate of VAULT_CLIENT_CERT .*c\.pem\./,
    ],
    [
      'whose key is not there',
      () => ({ certFile: file('c.pem', one), keyFile: '/none/c.key' }),
      'VAULT_CLIENT_KEY',
      /^The file \/none\/c\.key of VAULT_CLIENT_KEY .* cannot be read \(ENOENT\)\./,
    ],
  ])('%s is refused by the setting to look at', (_, tls, setting, message) => {
    const [said, named] = refusalOf(tls());
    expect(named).toBe(setting);
    expect(said).toMatch(message);
    expect(said).not.toMatch(/[A-Za-z0-9+/]{60}/);
  });
});

describe('The other options of TLS', () => {
  it.each<[VaultTlsOptions]>([[{ serverName: 'vault', skipVerify: true }], [{ serverName: 'vault' }], [{ skipVerify: false }]])(
    '%j are given on as they are',
    (tls) => expect(read(tls)).toMatchObject(tls),
  );
});
