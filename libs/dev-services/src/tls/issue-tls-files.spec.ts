import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CertificateAuthority } from './certificate-authority.js';
import { issueTlsFiles, type TlsFiles } from './issue-tls-files.js';

let folder: string;
let authority: CertificateAuthority;
let files: TlsFiles;
let certificate: X509Certificate;
let root: X509Certificate;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyturn-spec-'));
  authority = await CertificateAuthority.create('A test authority');
  files = await issueTlsFiles(authority, folder);
  certificate = new X509Certificate(await readFile(files.certificateFile));
  root = new X509Certificate(await readFile(files.caFile));
});
afterAll(() => rm(folder, { recursive: true }));

describe('The certificate of a test server', () => {
  it.each([
    ['is signed by its authority', () => certificate.verify(root.publicKey) && certificate.checkIssued(root), true],
    ['is for the loopback', () => certificate.checkIP('127.0.0.1'), '127.0.0.1'],
    ['is for its name', () => certificate.checkHost('localhost'), 'localhost'],
    ['is for no other host', () => certificate.checkHost('vault.example.com'), undefined],
    ['signs no others', () => certificate.ca, false],
  ])('%s', (_, ask, expected) => expect(ask()).toBe(expected));

  it('holds already, for a clock that is behind, and for a month', () => {
    const day = 24 * 3_600_000;
    expect(Date.parse(certificate.validFrom)).toBeLessThan(Date.now() - 30 * 60_000);
    expect(Date.parse(certificate.validTo)).toBeGreaterThan(Date.now() + 29 * day);
  });

  it('belongs to its key, which its owner alone can read', async () => {
    expect(certificate.checkPrivateKey(createPrivateKey(await readFile(files.keyFile)))).toBe(true);
    expect((await stat(files.keyFile)).mode & 0o777).toBe(0o600);
  });
});

describe('The authority of test servers', () => {
  it('is one', () => expect(root.ca).toBe(true));

  it('gives a client the name of its role', async () => {
    const client = new X509Certificate((await authority.issue('app_reader')).certificate);
    expect(client.subject).toBe('CN=app_reader');
    expect(client.verify(root.publicKey)).toBe(true);
  });

  it('does not vouch for what another one of that name has signed', async () => {
    const other = await CertificateAuthority.create('A test authority');
    expect(new X509Certificate((await other.issue('localhost')).certificate).verify(root.publicKey)).toBe(false);
  });
});
