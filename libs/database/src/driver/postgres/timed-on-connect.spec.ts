import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TimedClients, type TimedPostgresClient } from './timed-clients.js';
import { timedOnConnect } from './timed-on-connect.js';

const connectTimeoutMs = 1_000;
const logInMs = 700;
const hung = new Promise<void>(() => undefined);

/** A client whose log-in took 700 ms. */
function loggedIn(): pg.ClientBase & TimedPostgresClient {
  const client = new (new TimedClients().of(pg.Client))({}) as pg.ClientBase & TimedPostgresClient;
  client.connection.stream.on('error', () => undefined);
  vi.advanceTimersByTime(logInMs);
  return client;
}

describe('timedOnConnect', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
  afterEach(() => void vi.useRealTimers());

  it('closes the connection when log-in and onConnect together have taken the connect time-out', async () => {
    const client = loggedIn();
    const failure = timedOnConnect(() => hung, connectTimeoutMs)(client).catch((error: unknown) => error);
    vi.advanceTimersByTime(connectTimeoutMs - logInMs - 1);
    expect(client.connection.stream.destroyed).toBe(false);
    vi.advanceTimersByTime(1);
    expect(client.connection.stream.destroyed).toBe(true);
    expect(await failure).toMatchObject({ message: 'timeout expired' });
  });

  it.each([
    ['is done', () => undefined],
    [
      'throws',
      () => {
        throw new Error('of the application');
      },
    ],
  ])('leaves no timer behind when onConnect %s', async (_, onConnect) => {
    const client = loggedIn();
    await Promise.allSettled([timedOnConnect(onConnect, connectTimeoutMs)(client)]);
    expect(vi.getTimerCount()).toBe(0);
    expect(client.connection.stream.destroyed).toBe(false);
  });
});
