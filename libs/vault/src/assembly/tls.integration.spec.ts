import { generateKeyPairSync } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer, type Server, type ServerOptions } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { OpenBaoAdmin } from '@keyturn/dev-services';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { token } from '../auth/token/token.auth-method.js';
import { envelope } from '../client/raw-server.fixture.js';
import { resolveVaultOptions } from '../config/resolve-options.js';
import type { VaultTlsOptions } from '../config/vault-options.js';
import { VaultRuntime } from './vault-runtime.js';

/** PEM texts, issued by OpenBao. */
interface Issued {
  readonly certificate: string;
  readonly private_key: string;
  readonly issuing_ca: string;
}

const mount = 'vault-tls-spec';
const open: (() => Promise<unknown>)[] = [];
let admin: OpenBaoAdmin;
let folder: string;
let ours: Issued;

beforeAll(async () => {
  const { openbao, postgres } = inject('servers');
  admin = new OpenBaoAdmin(openbao, postgres.vault);
  await admin.provision({ mounts: { [mount]: { type: 'pki' } } });
  await admin.api('POST', `${mount}/root/generate/internal`, { common_name: 'Keyturn TLS spec', key_type: 'ec' });
  await admin.api('POST', `${mount}/roles/any`, { allow_any_name: true, enforce_hostnames: false, key_type: 'ec', ttl: '1h' });
  ours = await issue({ common_name: 'localhost', ip_sans: '127.0.0.1' });
  folder = await mkdtemp(join(tmpdir(), 'keyturn-tls-'));
});
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});
afterAll(() => rm(folder, { recursive: true }));

async function issue(fields: object): Promise<Issued> {
  return (await admin.api('POST', `${mount}/issue/any`, fields)).data as unknown as Issued;
}

async function file(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

/** A server that answers with the name that the client's certificate gives. */
async function serve(issued: Issued, options: ServerOptions = {}, onHandshake: () => void = () => undefined): Promise<string> {
  const server: Server = createServer({ cert: issued.certificate, key: issued.private_key, ...options }, (request, response) => {
    const name = (request.socket as TLSSocket).getPeerCertificate().subject?.CN;
    response.end(JSON.stringify(envelope({ name })));
  });
  server.on('secureConnection', onHandshake);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function ask(address: string, tls: VaultTlsOptions): Promise<unknown> {
  const options = resolveVaultOptions({ address, auth: token('s.token'), retry: false, cache: false, tls });
  const runtime = VaultRuntime.connect(options);
  open.push(() => runtime.close());
  return (await runtime.send({ method: 'GET', path: 'any', token: 'none' })).data;
}

function pair(kind: 'ec' | 'rsa', passphrase?: string): { readonly publicKey: string; readonly privateKey: string } {
  const privateKeyEncoding = {
    type: 'pkcs8',
    format: 'pem',
    ...(passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase }),
  } as const;
  const encodings = { publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding } as const;
  return kind === 'ec'
    ? generateKeyPairSync('ec', { namedCurve: 'prime256v1', ...encodings })
    : generateKeyPairSync('rsa', { modulusLength: 2_048, ...encodings });
}

/** A server that lets nobody in without a certificate. */
const required = (): ServerOptions => ({ ca: ours.issuing_ca, requestCert: true, rejectUnauthorized: true });

describe('TLS', () => {
  describe('trusts the authority', () => {
    it.each<[string, () => Promise<VaultTlsOptions>]>([
      ['of a file', async () => ({ caFile: await file('ca.pem', ours.issuing_ca) })],
      ['given as text', async () => ({ ca: ours.issuing_ca })],
      [
        'in a folder, whatever else is there',
        async () => {
          const authorities = join(folder, 'authorities');
          await mkdir(join(authorities, 'older.pem'), { recursive: true });
          await writeFile(join(authorities, 'notes.txt'), 'nothing');
          await writeFile(join(authorities, 'empty.crt'), '');
          await writeFile(join(authorities, '5ed36f99.0'), ours.issuing_ca);
          return { caFolder: authorities };
        },
      ],
    ])('%s', async (_, tls) => {
      expect(await ask(await serve(ours), await tls())).toEqual({});
    });
  });

  it('refuses a server whose authority it does not know, unless verification is switched off', async () => {
    const address = await serve(ours);
    await expect(ask(address, {})).rejects.toMatchObject({
      code: 'VAULT_TLS_FAILED',
      sent: false,
      remedy: expect.stringContaining('VAULT_CACERT') as string,
    });
    expect(await ask(address, { skipVerify: true })).toEqual({});
  });

  describe('with a client certificate', () => {
    it('shows it to a server that asks for one', async () => {
      const { certificate, private_key: key } = await issue({ common_name: 'grimoire' });
      const tls = { ca: ours.issuing_ca, certFile: await file('client.pem', certificate), keyFile: await file('client.key', key) };
      expect(await ask(await serve(ours, required()), tls)).toEqual({ name: 'grimoire' });
    });

    // With TLS 1.3 the server says so after the handshake.
    it.each(['TLSv1.2', 'TLSv1.3'] as const)('says what is missing when it has none, with %s', async (maxVersion) => {
      const address = await serve(ours, { ...required(), maxVersion });
      for (let call = 0; call < 10; call += 1)
        await expect(ask(address, { ca: ours.issuing_ca })).rejects.toMatchObject({
          code: 'VAULT_TLS_FAILED',
          sent: false,
          remedy: expect.stringContaining('VAULT_CLIENT_CERT') as string,
        });
    });

    // A key of another kind is taken by OpenSSL, which then shows no certificate.
    it.each<[string, string, RegExp, () => string]>([
      ['of another certificate', 'VAULT_CLIENT_KEY', /b\.key, is not that of the certificate of .*a\.pem/, () => pair('ec').privateKey],
      ['of another kind', 'VAULT_CLIENT_KEY', /b\.key, is not that of the certificate of .*a\.pem/, () => pair('rsa').privateKey],
      [
        'that is encrypted',
        'VAULT_CLIENT_KEY',
        /b\.key, holds no private key .* is encrypted/,
        () => pair('ec', 'a passphrase').privateKey,
      ],
      [
        'that is a public one',
        'VAULT_CLIENT_KEY',
        /b\.key, holds no private key .* Expected: -----BEGIN PRIVATE KEY/,
        () => pair('ec').publicKey,
      ],
    ])('refuses a key %s before it connects, names both files and shows neither', async (_, setting, message, key) => {
      const { certificate } = await issue({ common_name: 'a' });
      const tls = { certFile: await file('a.pem', certificate), keyFile: await file('b.key', key()) };
      const failure: unknown = await ask('https://127.0.0.1:1', tls).catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: 'VAULT_CONFIGURATION_INVALID', setting, message: expect.stringMatching(message) as string });
      expect(inspect(failure)).not.toContain(certificate.split('\n')[1]);
    });

    it('refuses a certificate that is none', async () => {
      const tls = { certFile: await file('a.pem', 'none'), keyFile: await file('b.key', pair('ec').privateKey) };
      await expect(ask('https://127.0.0.1:1', tls)).rejects.toMatchObject({ setting: 'VAULT_CLIENT_CERT' });
    });

    it.each<[string, string, VaultTlsOptions]>([
      ['certificate', 'VAULT_CLIENT_CERT', { certFile: '/none/cert.pem', keyFile: '/none/key.pem' }],
      ['authority', 'VAULT_CACERT', { caFile: '/none/ca.pem' }],
    ])('names the %s file that is not there', async (_, setting, tls) => {
      await expect(ask('https://127.0.0.1:1', tls)).rejects.toMatchObject({
        code: 'VAULT_CONFIGURATION_INVALID',
        setting,
        message: expect.stringContaining('ENOENT') as string,
      });
    });
  });

  it('refuses a certificate of another host, unless told which name to expect', async () => {
    const address = await serve(await issue({ common_name: 'vault.internal' }));
    await expect(ask(address, { ca: ours.issuing_ca })).rejects.toMatchObject({
      code: 'VAULT_TLS_FAILED',
      remedy: expect.stringContaining('tls.serverName') as string,
    });
    expect(await ask(address, { ca: ours.issuing_ca, serverName: 'vault.internal' })).toEqual({});
  });

  it('refuses a certificate that is not one for servers, and says so', async () => {
    await admin.api('POST', `${mount}/roles/clients`, {
      allow_any_name: true,
      enforce_hostnames: false,
      key_type: 'ec',
      server_flag: false,
      ttl: '1h',
    });
    const fields = { common_name: 'localhost', ip_sans: '127.0.0.1' };
    const forClients = (await admin.api('POST', `${mount}/issue/clients`, fields)).data as unknown as Issued;
    await expect(ask(await serve(forClients), { ca: ours.issuing_ca })).rejects.toMatchObject({
      code: 'VAULT_TLS_FAILED',
      message: expect.stringContaining('INVALID_PURPOSE') as string,
      remedy: expect.stringContaining("Replace the server's certificate") as string,
    });
  });

  it('needs one handshake for a call and the one that follows its answer at once', async () => {
    let handshakes = 0;
    const address = await serve(ours, {}, () => (handshakes += 1));
    const options = resolveVaultOptions({ address, auth: token('s.token'), retry: false, cache: false, tls: { ca: ours.issuing_ca } });
    const runtime = VaultRuntime.connect(options);
    open.push(() => runtime.close());
    const call = (path: string) => runtime.send({ method: 'GET', path, token: 'none' });
    await call('login').then(() => call('credentials'));
    expect(handshakes).toBe(1);
  });

  it('refuses a server that speaks an older TLS only, and says so', async () => {
    const address = await serve(ours, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' });
    await expect(ask(address, { ca: ours.issuing_ca })).rejects.toMatchObject({
      code: 'VAULT_TLS_FAILED',
      remedy: expect.stringContaining('TLS 1.2 or 1.3') as string,
    });
  });

  it('refuses a certificate that has expired, and says that it has', async () => {
    const address = await serve(await issue({ common_name: 'localhost', ip_sans: '127.0.0.1', ttl: '1s' }));
    const failure = (): Promise<unknown> => ask(address, { ca: ours.issuing_ca }).catch((error: unknown) => error);
    await expect.poll(failure, { timeout: 10_000 }).toMatchObject({
      code: 'VAULT_TLS_FAILED',
      remedy: expect.stringContaining('Renew') as string,
    });
  });

  it('says so when it is spoken to a server without it', async () => {
    const { openbao } = inject('servers');
    await expect(ask(openbao.address.replace('http:', 'https:'), {})).rejects.toMatchObject({
      code: 'VAULT_TLS_FAILED',
      remedy: expect.stringContaining('https://') as string,
    });
  });
});
