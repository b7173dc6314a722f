import { createServer, type AddressInfo, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { isVaultError } from '../../errors/is-vault-error.js';
import { UndiciExchange } from '../undici/undici.exchange.js';

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

interface Proxy {
  readonly host: string;
  readonly asked: readonly string[];
}

/** A proxy that does `serve` with each connection, once it was asked for a tunnel. */
async function proxyThat(serve: (socket: Socket) => void): Promise<Proxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    socket.once('data', (chunk) => {
      asked.push(chunk.toString('latin1'));
      serve(socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

function ask(proxy: string, address = 'https://vault.test:8200', timeoutMs = 5_000): Promise<unknown> {
  const limits = { timeoutMs, connectTimeoutMs: 300, maxResponseBytes: 1_024, maxConnections: 4, proxy };
  const exchange = new UndiciExchange(address, limits);
  open.push(() => exchange.close());
  return exchange
    .send({ method: 'GET', url: `${address}/v1/secret/data/app`, headers: { 'X-Vault-Token': 's.token' }, timeoutMs })
    .catch((error: unknown) => error);
}

const ended = (status: string) => (socket: Socket) => void socket.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\n\r\n`);
const tunnel = (then: (socket: Socket) => void) => (socket: Socket) => {
  socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
  socket.once('data', () => then(socket));
};

describe('A tunnel through a proxy', () => {
  it.each<[string, (socket: Socket) => void, object, string]>([
    ['closes', (socket) => socket.destroy(), { code: 'VAULT_UNREACHABLE' }, 'cannot be reached (ECONNRESET)'],
    ['asks for a password', ended('407 Proxy Authentication Required'), { code: 'VAULT_UNREACHABLE' }, 'HTTP 407'],
    [
      'finds no way to Vault',
      ended('502 Bad Gateway'),
      { code: 'VAULT_UNREACHABLE' },
      'refused a tunnel to https://vault.test:8200 (HTTP 502)',
    ],
    ['hangs', () => undefined, { code: 'VAULT_TIMEOUT' }, 'within 300 ms'],
    ['speaks something else', (socket) => void socket.end('SSH-2.0-OpenSSH\r\n'), { code: 'VAULT_UNREACHABLE' }, 'HPE_'],
    ['hangs behind its tunnel', tunnel(() => undefined), { code: 'VAULT_TIMEOUT' }, 'within 300 ms'],
    ['breaks its tunnel', tunnel((socket) => socket.destroy()), { code: 'VAULT_UNREACHABLE' }, 'broke in the TLS handshake'],
  ])('is asked for once and named when the proxy %s', async (_, serve, expected, what) => {
    const proxy = await proxyThat(serve);
    const error = await ask(`http://user:hunter2@${proxy.host}`);
    expect(error).toMatchObject({ ...expected, sent: false, request: { path: 'secret/data/app' } });
    if (!isVaultError(error)) throw new TypeError('expected a VaultError');
    expect(error.message).toContain(`The proxy at ${proxy.host} `);
    expect(error.message).toContain(what);
    expect(error.remedy).toMatch(/VAULT_PROXY_ADDR|VAULT_ADDR/);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('hunter2');
    expect(proxy.asked).toHaveLength(1);
  });

  it('that gives something else than TLS is a failed handshake with Vault', async () => {
    const proxy = await proxyThat(tunnel((socket) => void socket.end('garbage that is not TLS\r\n')));
    expect(await ask(`http://${proxy.host}`)).toMatchObject({ code: 'VAULT_TLS_FAILED', sent: false });
  });

  it('is not asked for when the proxy is away, which is named', async () => {
    const proxy = await proxyThat(() => undefined);
    await open.pop()?.();
    expect(await ask(`http://${proxy.host}`)).toMatchObject({
      code: 'VAULT_UNREACHABLE',
      sent: false,
      message: expect.stringContaining(`The proxy at ${proxy.host} cannot be reached (ECONNREFUSED)`) as string,
    });
  });

  it('is asked of a proxy that speaks TLS over TLS', async () => {
    const proxy = await proxyThat(ended('400 Bad Request'));
    expect(await ask(`https://${proxy.host}`)).toMatchObject({
      code: 'VAULT_TLS_FAILED',
      sent: false,
      message: expect.stringContaining(`the proxy at ${proxy.host}`) as string,
      remedy: expect.stringContaining('VAULT_PROXY_ADDR') as string,
    });
    expect(proxy.asked[0]).not.toContain('CONNECT');
  });

  it.each<[string, string, string, string]>([
    ['the port of the address', 'https://vault.test:8200', 'user:hunter2@', 'CONNECT vault.test:8200 '],
    ['the port of https', 'https://vault.test', 'user:hunter2@', 'CONNECT vault.test:443 '],
    ['an IPv6 address', 'https://[::1]:8200', 'user:hunter2@', 'CONNECT [::1]:8200 '],
    ['a password that is encoded', 'https://vault.test', 'user:p%40ss@', `Basic ${Buffer.from('user:p@ss').toString('base64')}`],
    ['a password with a percent sign', 'https://vault.test', 'user:5%zz@', `Basic ${Buffer.from('user:5%zz').toString('base64')}`],
  ])('is asked for with %s, and without the token', async (_, address, credentials, expected) => {
    const proxy = await proxyThat(ended('502 Bad Gateway'));
    await ask(`http://${credentials}${proxy.host}`, address);
    expect(proxy.asked[0]?.toLowerCase()).toContain(expected.toLowerCase());
    expect(proxy.asked[0]).not.toContain('s.token');
  });

  it('is asked for without credentials where there are none', async () => {
    const proxy = await proxyThat(ended('502 Bad Gateway'));
    await ask(`http://${proxy.host}`);
    expect(proxy.asked[0]?.toLowerCase()).not.toContain('proxy-authorization');
  });
});
