import { afterEach, describe, expect, it } from 'vitest';
import { httpAnswer, RawServer } from '../raw-server.fixture.js';
import { UndiciExchange } from './undici.exchange.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

/** A server that keeps each call until the test answers it. */
async function connect(maxConnections = 8) {
  const server = await new RawServer(() => undefined).listen();
  const exchange = new UndiciExchange(server.address, {
    timeoutMs: 5_000,
    connectTimeoutMs: 1_000,
    maxResponseBytes: 1_024,
    maxConnections,
  });
  open.push(exchange, server);
  const call = async (path: string, signal?: AbortSignal): Promise<string> => {
    const asked = { method: 'GET', url: `${server.address}/v1/${path}`, headers: {}, timeoutMs: 5_000 };
    return (await exchange.send(signal === undefined ? asked : { ...asked, signal })).body;
  };
  const answer = async (path: string, headers: readonly string[] = []): Promise<void> => {
    const isThere = ({ target }: { target: string }) => target === `/v1/${path}`;
    await expect.poll(() => server.requests.some(isThere)).toBe(true);
    server.requests.find(isThere)?.socket.write(httpAnswer(200, path, headers));
  };
  /** The paths that came over each connection. */
  const connections = (): string[] => {
    const paths = new Map<unknown, string>();
    for (const { socket, target } of server.requests)
      paths.set(socket, [paths.get(socket) ?? [], target.replace('/v1/', '')].flat().join(' '));
    return [...paths.values()];
  };
  return { exchange, call, answer, connections };
}

describe('Connections to Vault', () => {
  it('are used again by a call that follows an answer in the same turn', async () => {
    const { call, answer, connections } = await connect();
    const chain = call('login').then(async () => (await call('credentials')) && call('lookup'));
    for (const path of ['login', 'credentials', 'lookup']) await answer(path);
    expect(await chain).toBe('lookup');
    expect(connections()).toEqual(['login credentials lookup']);
  });

  it('are opened at once for the calls beyond those that were answered in this turn', async () => {
    const { call, answer, connections } = await connect();
    const calls = call('login').then(() => Promise.all(['a', 'b', 'c'].map((path) => call(path))));
    for (const path of ['login', 'c', 'b', 'a']) await answer(path);
    expect(await calls).toEqual(['a', 'b', 'c']);
    expect(connections().toSorted()).toEqual(['b', 'c', 'login a']);
  });

  it('are opened for calls beside each other, as many as allowed', async () => {
    const { call, answer, connections } = await connect(3);
    const calls = ['a', 'b', 'c', 'd', 'e'].map((path) => call(path));
    await expect.poll(() => connections().toSorted()).toEqual(['a', 'b', 'c']);
    for (const path of ['a', 'b', 'd', 'e', 'c']) await answer(path);
    expect(await Promise.all(calls)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(connections()).toHaveLength(3);
  });

  it('do not let a call wait while another one is free', async () => {
    const { call, answer, connections } = await connect();
    const both = Promise.all([call('a'), call('b')]);
    await answer('a');
    await answer('b');
    await both;
    await new Promise(setImmediate);
    const chain = call('c').then(() => call('d'));
    await answer('c');
    await answer('d');
    await chain;
    expect(connections().toSorted()).toEqual(['a c', 'b d']);
  });

  it('are opened again when an answer ends its connection', async () => {
    const { call, answer, connections } = await connect();
    const chain = call('login').then(() => call('credentials'));
    await answer('login', ['Connection: close']);
    await answer('credentials');
    expect(await chain).toBe('credentials');
    expect(connections()).toEqual(['login', 'credentials']);
  });

  it('carry no call that was aborted while it waited for the end of an answer', async () => {
    const { call, answer, connections } = await connect();
    const leaving = new AbortController();
    const left = call('login').then(() => {
      const waiting = call('left', leaving.signal);
      leaving.abort();
      return waiting;
    });
    await answer('login');
    await expect(left).rejects.toMatchObject({ code: 'VAULT_ABORTED' });
    const next = call('next').then(() => call('last'));
    await answer('next');
    await answer('last');
    await next;
    expect(connections()).toEqual(['login next last']);
  });

  it('fail a call that waits for one when they are closed', async () => {
    const { exchange, call, answer } = await connect();
    const waiting = call('login').then(() => {
      const credentials = call('credentials');
      void exchange.close();
      return credentials;
    });
    await answer('login');
    await expect(waiting).rejects.toMatchObject({ code: 'VAULT_UNREACHABLE' });
  });
});
