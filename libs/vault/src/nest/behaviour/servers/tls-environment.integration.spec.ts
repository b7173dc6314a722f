import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpsServer, type Server, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { OpenBaoAdmin } from '@keyturn/dev-services';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { envelope } from '../../../client/raw-server.fixture.js';
import type { TlsChildReport } from './tls-child.fixture.js';
import type { VaultModuleOptions } from '../../vault.module-definition.js';

const PROGRAM = `
import { runnerImport } from 'vite';
await runnerImport(${JSON.stringify(fileURLToPath(new URL('./tls-child.fixture.ts', import.meta.url)))}, { configFile: false });
`;
const run = promisify(execFile);
const mounts = { impostor: 'tls-environment-impostor', ours: 'tls-environment-ours' };

let folder: string;
let caOfImpostor: string;
let caOfOurs: string;
let impostor: { readonly cert: string; readonly key: string };
const open: Server[] = [];

beforeAll(async () => {
  const { openbao, postgres } = inject('servers');
  const admin = new OpenBaoAdmin(openbao, postgres.vault);
  await admin.provision({ mounts: { [mounts.impostor]: { type: 'pki' }, [mounts.ours]: { type: 'pki' } } });
  const root = async (mount: string): Promise<string> => {
    const { data } = await admin.api('POST', `${mount}/root/generate/internal`, { common_name: mount, key_type: 'ec' });
    return String(data['certificate']);
  };
  caOfOurs = await root(mounts.ours);
  caOfImpostor = await root(mounts.impostor);
  await admin.api('POST', `${mounts.impostor}/roles/any`, { allow_any_name: true, enforce_hostnames: false, key_type: 'ec', ttl: '1h' });
  const issued = await admin.api('POST', `${mounts.impostor}/issue/any`, { common_name: 'localhost', ip_sans: '127.0.0.1' });
  impostor = { cert: String(issued.data['certificate']), key: String(issued.data['private_key']) };
  folder = await mkdtemp(join(tmpdir(), 'keyturn-tls-environment-'));
  await writeFile(join(folder, 'impostor-ca.pem'), caOfImpostor);
});
afterEach(async () => {
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});
afterAll(() => rm(folder, { recursive: true }));

/** A server with a certificate of an authority that nobody trusts, and what it was told. */
async function listen(options: ServerOptions = {}): Promise<{ readonly address: string; readonly heard: readonly string[] }> {
  const heard: string[] = [];
  const server = createHttpsServer({ ...impostor, ...options }, (request, response) => {
    heard.push(`${request.method ?? ''} ${String(request.headers['x-vault-token'])}`);
    response.end(JSON.stringify(envelope({ ttl: 0, expire_time: null, renewable: false, accessor: 'a' })));
  });
  server.on('connect', (request, socket) => {
    heard.push(`CONNECT ${request.headers['proxy-authorization'] ?? ''}`);
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(server);
  return { address: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, heard };
}

/** Starts an application in a process of its own, in whose environment the variables are from the start. */
async function start(options: VaultModuleOptions, variables: Record<string, string>): Promise<TlsChildReport> {
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, ...variables, KEYTURN_SPEC_OPTIONS: JSON.stringify({ retry: false, ...options }) };
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', PROGRAM], { env });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as TlsChildReport;
}

const rejectNothing = { NODE_TLS_REJECT_UNAUTHORIZED: '0' };

describe('What the environment tells Node about TLS', () => {
  it.each<[string, Record<string, string>, NonNullable<VaultModuleOptions['tls']>]>([
    ['NODE_TLS_REJECT_UNAUTHORIZED=0', rejectNothing, {}],
    ['NODE_TLS_REJECT_UNAUTHORIZED=0, although the option says it too', rejectNothing, { skipVerify: false }],
    ['another host, with NODE_TLS_REJECT_UNAUTHORIZED=0', rejectNothing, { serverName: 'vault.internal' }],
  ])('does not send the token to an impostor: %s', async (_, variables, tls) => {
    const { address, heard } = await listen();
    const report = await start({ address, tls }, variables);
    expect(report.code).toBe('VAULT_TLS_FAILED');
    expect(heard).toEqual([]);
    expect(report.warnings).toEqual([expect.stringContaining('NODE_TLS_REJECT_UNAUTHORIZED')]);
  });

  it('does not show the password of a proxy to an impostor', async () => {
    const { address, heard } = await listen();
    const proxy = address.replace('https://', 'https://user:hunter2@');
    const report = await start({ address: 'https://vault.test:8200', http: { proxy } }, rejectNothing);
    expect(report.code).toBe('VAULT_TLS_FAILED');
    expect(heard).toEqual([]);
  });

  it('does not replace the authorities of the options: NODE_EXTRA_CA_CERTS, SSL_CERT_FILE', async () => {
    const file = join(folder, 'impostor-ca.pem');
    const { address, heard } = await listen();
    const variables = { NODE_EXTRA_CA_CERTS: file, SSL_CERT_FILE: file, NODE_OPTIONS: '--use-openssl-ca' };
    expect(await start({ address, tls: { ca: caOfOurs } }, variables)).toEqual({ code: 'VAULT_TLS_FAILED', warnings: [] });
    expect(heard).toEqual([]);
  });

  it('does not let an older TLS in: NODE_OPTIONS=--tls-min-v1.0', async () => {
    const ciphers = 'DEFAULT:@SECLEVEL=0';
    const { address, heard } = await listen({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers });
    const variables = { NODE_OPTIONS: `--tls-min-v1.0 --tls-cipher-list=${ciphers}` };
    expect(await start({ address, tls: { ca: caOfImpostor } }, variables)).toMatchObject({ code: 'VAULT_TLS_FAILED' });
    expect(heard).toEqual([]);
  });

  it.each<[string, Record<string, string>]>([
    ['NODE_EXTRA_CA_CERTS', { NODE_EXTRA_CA_CERTS: 'impostor-ca.pem' }],
    ['SSL_CERT_FILE with --use-openssl-ca', { SSL_CERT_FILE: 'impostor-ca.pem', NODE_OPTIONS: '--use-openssl-ca' }],
  ])('adds an authority where the options name none: %s', async (_, variables) => {
    const { address, heard } = await listen();
    const placed = Object.entries(variables).map(([name, value]) => [name, value.endsWith('.pem') ? join(folder, value) : value]);
    expect(await start({ address }, Object.fromEntries(placed) as Record<string, string>)).toEqual({ warnings: [] });
    expect(heard).not.toEqual([]);
  });

  it('lets the option alone switch verification off', async () => {
    const { address, heard } = await listen();
    const report = await start({ address, tls: { skipVerify: true } }, {});
    expect(report).toEqual({ warnings: [expect.stringContaining('TLS verification is switched off')] });
    expect(heard).not.toEqual([]);
  });
});
