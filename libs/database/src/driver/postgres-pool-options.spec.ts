import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { DatabaseCredential } from '../credentials/database-credential.js';
import { postgresPoolOptions } from './postgres-pool-options.js';

const credential = new DatabaseCredential({ username: 'v-1', password: 'first' });

describe('postgresPoolOptions', () => {
  it('puts the login of the generation in and keeps all else', () => {
    const options = postgresPoolOptions({ host: 'db', max: 5, application_name: 'app' }, credential, pg.Client);
    expect(options).toMatchObject({
      host: 'db',
      max: 5,
      application_name: 'app',
      user: 'v-1',
      password: 'first',
    });
  });

  it.each([
    { given: undefined, connectTimeoutMs: 10_000 },
    { given: 0, connectTimeoutMs: 10_000 },
    { given: 500, connectTimeoutMs: 500 },
  ])(
    'ends the opening of a connection after $connectTimeoutMs ms when connectionTimeoutMillis is $given',
    ({ given, connectTimeoutMs }) => {
      const options = given === undefined ? {} : { connectionTimeoutMillis: given };
      expect(postgresPoolOptions(options, credential, pg.Client)).toMatchObject({ connectTimeoutMs, connectionTimeoutMillis: 0 });
    },
  );

  it('makes a TLS object of its own for each generation, with a key that pg has hidden', () => {
    const ssl = { ca: 'ca' };
    Object.defineProperty(ssl, 'key', { value: 'key', enumerable: false });
    const first = postgresPoolOptions({ ssl }, credential, pg.Client).ssl;
    expect(first).toEqual({ ca: 'ca', key: 'key' });
    expect(first).not.toBe(ssl);
  });

  it('presents a client certificate', () => {
    const withCertificate = new DatabaseCredential({ username: 'v-2', clientCertificate: { certificate: 'c', privateKey: 'k' } });
    expect(postgresPoolOptions({ ssl: { ca: 'ca' } }, withCertificate, pg.Client).ssl).toEqual({ ca: 'ca', cert: 'c', key: 'k' });
  });
});
