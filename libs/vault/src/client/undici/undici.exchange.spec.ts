import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { envelope, httpAnswer, RawServer } from '../raw-server.fixture.js';
import { UndiciExchange } from './undici.exchange.js';

const limits = { timeoutMs: 5_000, connectTimeoutMs: 1_000, maxResponseBytes: 1_024, maxConnections: 4 };
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function serve(reply: RawServer['reply']): Promise<RawServer> {
  const server = await new RawServer(reply).listen();
  open.unshift(server);
  return server;
}

function ask(server: { address: string }, options: { timeoutMs?: number; signal?: AbortSignal } = {}) {
  const exchange = new UndiciExchange(server.address, limits);
  open.unshift(exchange);
  return exchange.send({
    method: 'GET',
    url: `${server.address}/v1/secret/data/app`,
    headers: { 'X-Vault-Token': 's.token' },
    timeoutMs: 2_000,
    ...options,
  });
}

const interim = (status: string): string => `HTTP/1.1 ${status}\r\n\r\n`;

describe('UndiciExchange', () => {
  it('gives status, headers and body', async () => {
    const server = await serve(() => httpAnswer(200, 'hello', ['X-Test: 1']));
    expect(await ask(server)).toMatchObject({ status: 200, body: 'hello', headers: { 'x-test': '1' } });
  });

  it('puts an answer together that comes in pieces', async () => {
    const server = await serve(({ socket }) => {
      for (const part of ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', '2\r\nab\r\n', '1\r\nc\r\n0\r\n\r\n'])
        socket.write(part);
      return undefined;
    });
    expect((await ask(server)).body).toBe('abc');
  });

  it('asks for no compression', async () => {
    const server = await serve(() => httpAnswer(200, '{}'));
    await ask(server);
    expect(server.requests[0]?.head.toLowerCase()).not.toContain('accept-encoding');
  });

  describe('skips an interim answer that nobody asked for', () => {
    const real = httpAnswer(200, 'real');

    it.each<[string, string[]]>([
      ['100', [interim('100 Continue'), real]],
      ['100 in one piece with the answer', [interim('100 Continue') + real]],
      ['100 with headers, several times', [`HTTP/1.1 100 Continue\r\nX-A: \r\n\r\n`, interim('100 Continue') + interim('100'), real]],
      ['102', [interim('102 Processing'), real]],
      ['103', [`HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n`, real]],
      ['103, 100 and 102', [interim('103 Early Hints'), interim('100 Continue'), interim('102 Processing'), real]],
      ['100 in single bytes', (interim('100 Continue') + real).split('')],
      ['100 between bytes of the answer after it', [interim('100 Continue') + real.slice(0, 7), real.slice(7)]],
    ])('%s', async (_, pieces) => {
      const server = await serve(({ socket }) => {
        const send = ([piece, ...rest]: readonly string[]): void => {
          if (piece !== undefined) socket.write(piece, () => setImmediate(send, rest));
        };
        send(pieces);
        return undefined;
      });
      const exchange = new UndiciExchange(server.address, { ...limits, maxConnections: 1 });
      open.unshift(exchange);
      const get = () => exchange.send({ method: 'POST', url: `${server.address}/v1/x`, headers: {}, body: '{}', timeoutMs: 5_000 });
      for (let call = 0; call < 3; call += 1) expect(await get()).toMatchObject({ status: 200, body: 'real' });
      expect(new Set(server.requests.map(({ socket }) => socket)).size).toBe(1);
    });

    it('and leaves a body alone that looks like one', async () => {
      const body = `HTTP/1.1 100 Continue\r\n\r\n${'HTTP/1.1 100 '.repeat(10)}`;
      const server = await serve(({ socket }) => {
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`, () => setImmediate(() => socket.write(body)));
        return undefined;
      });
      expect(await ask(server)).toMatchObject({ body });
    });
  });

  it.each<[string, string, object]>([
    [
      'a chunked answer with trailers',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n2\r\nab\r\n0\r\nX-T: 1\r\n\r\n',
      { body: 'ab' },
    ],
    ['chunks with extensions', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\nab\r\n0\r\n\r\n', { body: 'ab' }],
    ['a 204 with a body', 'HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\nab', { status: 204, body: '' }],
    ['a 205 with a body', 'HTTP/1.1 205 Reset Content\r\nContent-Length: 2\r\n\r\nab', { status: 205, body: 'ab' }],
    ['a 304', 'HTTP/1.1 304 Not Modified\r\n\r\n', { status: 304, body: '' }],
    ['an answer before its connection closes', 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nab', { body: 'ab' }],
    ['an answer that is as long as its connection', 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nab', { body: 'ab' }],
    ['an answer of HTTP/1.0', 'HTTP/1.0 200 OK\r\n\r\nab', { body: 'ab' }],
    ['an answer without a reason', 'HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nab', { body: 'ab' }],
    ['a status that is not in use', 'HTTP/1.1 299 X\r\nContent-Length: 2\r\n\r\nab', { status: 299, body: 'ab' }],
  ])('takes %s, and the next one as well', async (_, bytes, expected) => {
    const server = await serve(({ socket }) => {
      socket.write(bytes);
      if (/close|1\.0/.test(bytes)) socket.end();
      return undefined;
    });
    const exchange = new UndiciExchange(server.address, { ...limits, maxConnections: 1 });
    open.unshift(exchange);
    for (let call = 0; call < 3; call += 1)
      expect(await exchange.send({ method: 'GET', url: `${server.address}/v1/x`, headers: {}, timeoutMs: 5_000 })).toMatchObject(expected);
  });

  it.each<[string, string, string]>([
    [
      'a switch to another protocol',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n',
      'VAULT_UNREACHABLE',
    ],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nab', 'VAULT_RESPONSE_INVALID'],
    ['a length beside chunks', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\nab', 'VAULT_RESPONSE_INVALID'],
    ['a chunk whose size is no number', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab', 'VAULT_RESPONSE_INVALID'],
    ['half a head', 'HTTP/1.1 200 OK\r\nContent-Le', 'VAULT_UNREACHABLE'],
    ['half a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nab', 'VAULT_UNREACHABLE'],
  ])('gives no answer for %s that ends', async (_, bytes, code) => {
    const server = await serve(({ socket }) => {
      socket.end(bytes);
      return undefined;
    });
    await expect(ask(server)).rejects.toMatchObject({ code });
  });

  it.each<[string, string, RawServer['reply']]>([
    ['a content-length over the limit', 'VAULT_RESPONSE_TOO_LARGE', () => 'HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\n{'],
    [
      'an endless answer',
      'VAULT_RESPONSE_TOO_LARGE',
      ({ socket }) => {
        socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
        const more = (): void => {
          if (!socket.destroyed) socket.write(`400\r\n${'x'.repeat(1_024)}\r\n`, () => setImmediate(more));
        };
        more();
        return undefined;
      },
    ],
    [
      'a gzip bomb',
      'VAULT_RESPONSE_INVALID',
      ({ socket }) => {
        const bomb = gzipSync(Buffer.alloc(50_000_000));
        socket.write(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n${bomb.length.toString(16)}\r\n`);
        socket.write(bomb);
        return undefined;
      },
    ],
    ['headers that are too large', 'VAULT_RESPONSE_INVALID', () => `HTTP/1.1 200 OK\r\nX-Large: ${'x'.repeat(70_000)}\r\n\r\n`],
    ['something that is not HTTP', 'VAULT_RESPONSE_INVALID', () => 'SSH-2.0-OpenSSH\r\n'],
    [
      'a connection closed between headers and body',
      'VAULT_UNREACHABLE',
      ({ socket }) => {
        socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
        return undefined;
      },
    ],
    [
      'a content-length that promises more than comes',
      'VAULT_UNREACHABLE',
      ({ socket }) => {
        socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"data":');
        return undefined;
      },
    ],
    [
      'a connection that is reset',
      'VAULT_UNREACHABLE',
      ({ socket }) => {
        socket.resetAndDestroy();
        return undefined;
      },
    ],
  ])('refuses %s as %s', async (_, code, reply) => {
    const server = await serve(reply);
    await expect(ask(server)).rejects.toMatchObject({ code });
  });

  it.each([429, 500, 503])('keeps what the status %i of a compressed answer says, without its body', async (status) => {
    const server = await serve(({ socket }) => {
      const page = gzipSync('<html>try again later</html>');
      socket.write(`HTTP/1.1 ${status} X\r\nContent-Encoding: gzip\r\nRetry-After: 2\r\nContent-Length: ${page.length}\r\n\r\n`);
      socket.write(page);
      return undefined;
    });
    expect(await ask(server)).toMatchObject({ status, headers: { 'retry-after': '2' }, body: '' });
  });

  it.each(['identity', 'Identity', ''])('takes an answer whose encoding is %j', async (encoding) => {
    const server = await serve(() => httpAnswer(200, 'plain', [`Content-Encoding: ${encoding}`]));
    expect((await ask(server)).body).toBe('plain');
  });

  it('ends a slow drip at the deadline of the whole call', async () => {
    const server = await serve(({ socket }) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n');
      const drip = setInterval(() => socket.write('x'), 20);
      socket.on('close', () => clearInterval(drip));
      return undefined;
    });
    const startedMs = performance.now();
    await expect(ask(server, { timeoutMs: 200 })).rejects.toMatchObject({ code: 'VAULT_TIMEOUT' });
    expect(performance.now() - startedMs).toBeLessThan(1_500);
  });

  it('ends when the caller aborts, before and during the call', async () => {
    const server = await serve(() => undefined);
    await expect(ask(server, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'VAULT_ABORTED' });
    const stop = new AbortController();
    const call = ask(server, { signal: stop.signal });
    setTimeout(() => stop.abort(), 20);
    await expect(call).rejects.toMatchObject({ code: 'VAULT_ABORTED' });
  });

  it('never sends a call that ended while it waited for a connection', async () => {
    let answerFirst!: () => void;
    const server = await serve(({ socket, target }) => {
      if (target !== '/v1/first') return httpAnswer(200, 'last');
      answerFirst = () => socket.write(httpAnswer(200, 'first'));
      return undefined;
    });
    const exchange = new UndiciExchange(server.address, { ...limits, maxConnections: 1 });
    open.unshift(exchange);
    const get = (path: string, options: { timeoutMs?: number; signal?: AbortSignal } = {}) =>
      exchange.send({ method: 'GET', url: `${server.address}/v1/${path}`, headers: {}, timeoutMs: 5_000, ...options });
    const first = get('first');
    await expect.poll(() => server.requests.length).toBe(1);
    await expect(get('late', { timeoutMs: 20 })).rejects.toMatchObject({ code: 'VAULT_TIMEOUT' });
    const leaving = new AbortController();
    const left = get('left', { signal: leaving.signal });
    leaving.abort();
    await expect(left).rejects.toMatchObject({ code: 'VAULT_ABORTED' });
    answerFirst();
    expect((await first).body).toBe('first');
    expect((await get('last')).body).toBe('last');
    expect(server.requests.map(({ target }) => target)).toEqual(['/v1/first', '/v1/last']);
  });

  it('says that nothing was sent when the server takes no connection in time', async () => {
    const server = await serve(() => undefined);
    const exchange = new UndiciExchange(server.address.replace('http:', 'https:'), { ...limits, connectTimeoutMs: 50 });
    open.unshift(exchange);
    const call = exchange.send({ method: 'GET', url: `${server.address.replace('http:', 'https:')}/v1/x`, headers: {}, timeoutMs: 20_000 });
    await expect(call).rejects.toMatchObject({
      code: 'VAULT_TIMEOUT',
      sent: false,
      message: expect.stringContaining('took no connection within 50 ms') as string,
    });
  });

  it('fails typed when it was closed before', async () => {
    const exchange = new UndiciExchange('http://vault.test', limits);
    await exchange.close();
    const call = exchange.send({ method: 'GET', url: 'http://vault.test/v1/x', headers: {}, timeoutMs: 1_000 });
    await expect(call).rejects.toMatchObject({ code: 'VAULT_UNREACHABLE' });
  });

  it('says where it could not connect when a name stands for several addresses', async () => {
    const server = await new RawServer().listen();
    const address = server.address.replace('127.0.0.1', 'localhost');
    await server.close();
    await expect(ask({ address })).rejects.toMatchObject({
      code: 'VAULT_UNREACHABLE',
      message: expect.stringContaining('ECONNREFUSED') as string,
    });
  });

  it('says that nothing was sent when no connection could be made', async () => {
    const server = await new RawServer().listen();
    const { address } = server;
    await server.close();
    await expect(ask({ address })).rejects.toMatchObject({ code: 'VAULT_UNREACHABLE', sent: false });
  });

  it('keeps its connection for calls one after the other', async () => {
    const server = await serve(() => httpAnswer(200, envelope({})));
    const exchange = new UndiciExchange(server.address, limits);
    open.unshift(exchange);
    for (let call = 0; call < 5; call += 1)
      await exchange.send({ method: 'GET', url: `${server.address}/v1/x`, headers: {}, timeoutMs: 1_000 });
    expect(new Set(server.requests.map(({ socket }) => socket)).size).toBe(1);
  });
});
