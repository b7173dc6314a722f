import type { SecureContext } from 'node:tls';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { DatabaseCredential } from '../../credentials/database-credential.js';
import { postgresPoolOptions } from './postgres-pool-options.js';

const credential = new DatabaseCredential({ username: 'v-1', password: 'first' });

const certificateOf = (ssl: unknown): unknown => (ssl as { secureContext?: SecureContext }).secureContext?.context;

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

  it.each([[true], [{}], [{ rejectUnauthorized: undefined }], [{ rejectUnauthorized: true }]])('verifies the server of ssl: %j', (ssl) => {
    const options = postgresPoolOptions({ ssl }, credential, pg.Client);
    expect(options.ssl).toMatchObject({ rejectUnauthorized: true });
    expect(certificateOf(options.ssl)).toBeDefined();
  });

  it("keeps the user's word that the server is not verified", () => {
    expect(postgresPoolOptions({ ssl: { rejectUnauthorized: false } }, credential, pg.Client).ssl).toMatchObject({
      rejectUnauthorized: false,
    });
  });

  it.each([[undefined], [false]])('leaves TLS off for ssl: %j', (ssl) => {
    expect(postgresPoolOptions(ssl === undefined ? {} : { ssl }, credential, pg.Client).ssl).toBe(ssl);
  });

  it('names what is wrong with a client certificate, without its text', () => {
    const broken = new DatabaseCredential({ username: 'v-2', clientCertificate: { certificate: 'c', privateKey: 'pr1vate' } });
    const refusal = { code: 'DATABASE_CONFIGURATION_INVALID', setting: 'credentials', message: expect.not.stringContaining('pr1vate') };
    expect(() => postgresPoolOptions({ ssl: {} }, broken, pg.Client)).toThrow(expect.objectContaining(refusal));
  });
});
