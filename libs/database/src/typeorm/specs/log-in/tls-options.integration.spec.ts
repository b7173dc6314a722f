import { DevServices, queryPostgres } from '@keyturn/dev-services';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext, type ConnectionOptions, type TlsOptions } from 'node:tls';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DatabaseCredential } from '../../../credentials/database-credential.js';
import { concealTls } from '../../../driver/options/tls-options.js';
import { postgresPoolOptions } from '../../../driver/postgres/postgres-pool-options.js';
import { RotatingFixture } from '../../rotating-data-source.fixture.js';

const group = 'tls_options';
let services: DevServices;
let ca: string;
let identity: { readonly certificate: string; readonly privateKey: string };
let renewed: typeof identity;

beforeAll(async () => {
  services = await DevServices.start({ postgres: { tls: true } });
  const { superuser, caFile } = services.postgres;
  await queryPostgres(superuser, `CREATE ROLE ${group} IN ROLE pg_read_all_stats`);
  ca = readFileSync(caFile!, 'utf8');
  identity = await services.postgres.clientCertificate('grimoire');
  renewed = await services.postgres.clientCertificate('grimoire');
});
afterAll(() => services?.stop());

interface Session {
  readonly version: string;
  readonly cipher: string;
  readonly serial: string | null;
}

type Tls = TlsOptions & Pick<ConnectionOptions, 'secureContext'>;

function fixtureWith(ssl: Tls): RotatingFixture {
  return new RotatingFixture(services.postgres.superuser, group, { typeorm: { ssl } });
}

/** What the server says of the connection. */
async function sessionOf({ dataSource }: RotatingFixture): Promise<Session> {
  const [row] = (await dataSource.query(
    'SELECT version, cipher, client_serial::text AS serial FROM pg_stat_ssl WHERE pid = pg_backend_pid()',
  )) as [Session];
  return row;
}

function encrypted(privateKey: string, passphrase: string): string {
  return createPrivateKey(privateKey).export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase }) as string;
}

const gone = (): never => {
  throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
};

const optionsWith = (ssl: ConnectionOptions): ConnectionOptions => {
  const credential = new DatabaseCredential({ username: 'v-1', clientCertificate: renewed });
  return postgresPoolOptions({ ssl: concealTls('typeorm.ssl', ssl) }, credential, pg.Client).ssl as ConnectionOptions;
};

describe('The TLS options of a data source', () => {
  it.each([
    [
      { maxVersion: 'TLSv1.2', ciphers: 'ECDHE+AES256+AESGCM' },
      { version: 'TLSv1.2', cipher: expect.stringMatching(/AES256-GCM/) },
    ],
    [
      { minVersion: 'TLSv1.3', ciphers: 'TLS_CHACHA20_POLY1305_SHA256' },
      { version: 'TLSv1.3', cipher: 'TLS_CHACHA20_POLY1305_SHA256' },
    ],
  ] as const)('%j hold before and after a rotation', async (options, expected) => {
    await using fixture = fixtureWith({ ca, ...options });
    await fixture.dataSource.initialize();
    expect(await sessionOf(fixture)).toMatchObject(expected);
    await fixture.controller.refreshNow();
    expect(await sessionOf(fixture)).toMatchObject(expected);
  });

  it('show a certificate whose key is encrypted, in a list, or in a secure context', async () => {
    const passphrase = 'open sesame';
    const { certificate: cert, privateKey } = identity;
    const pem = encrypted(privateKey, passphrase);
    const given: Tls[] = [
      { ca, cert, key: pem, passphrase },
      { ca, cert, key: [{ pem, passphrase }] },
      { secureContext: createSecureContext({ ca, cert, key: privateKey }) },
    ];
    for (const ssl of given) {
      // As a condition leaves it that is not met: Node alone would call it.
      await using fixture = fixtureWith({ ...ssl, checkServerIdentity: undefined } as Tls);
      await fixture.dataSource.initialize();
      expect((await sessionOf(fixture)).serial).not.toBeNull();
    }
  });

  it('are read again at each rotation where they have getters, and keep what works while they cannot be read', async () => {
    let current: () => typeof identity = () => identity;
    await using fixture = fixtureWith({
      ca,
      get cert() {
        return current().certificate;
      },
      get key() {
        return current().privateKey;
      },
    });
    await fixture.dataSource.initialize();
    const { serial: first } = await sessionOf(fixture);
    const torn = { ...identity, privateKey: renewed.privateKey };
    for (const [source, facts] of [
      [() => torn, { setting: 'typeorm.ssl.key' }],
      [gone, { setting: 'typeorm.ssl', reason: 'ENOENT' }],
    ] as const) {
      current = source;
      await expect(fixture.controller.refreshNow()).rejects.toMatchObject({
        code: 'DATABASE_CONFIGURATION_INVALID',
        ...facts,
      });
      expect((await sessionOf(fixture)).serial).toBe(first);
    }
    current = () => renewed;
    // Right after a failure, the refusal may be told once more.
    const refreshed = (): Promise<boolean> =>
      fixture.controller.refreshNow().then(
        () => true,
        () => false,
      );
    await expect.poll(refreshed).toBe(true);
    expect((await sessionOf(fixture)).serial).not.toBe(first);
  });
});

describe('The TLS options of credentials that bring a certificate', () => {
  it('read the others as they are now, and show the certificate of the credentials', async () => {
    let authority = 'one that has ended';
    const ssl = concealTls('typeorm.ssl', {
      cert: identity.certificate,
      key: identity.privateKey,
      get ca() {
        return authority;
      },
    });
    authority = ca;
    const { host, port, user, password, database } = services.postgres.superuser;
    const client = new pg.Client({ host, port, user, password, database, ssl: optionsWith(ssl) });
    await client.connect();
    const serial = await client.query('SELECT client_serial::text AS serial FROM pg_stat_ssl WHERE pid = pg_backend_pid()');
    await client.end();
    const shown = BigInt(`0x${new X509Certificate(renewed.certificate).serialNumber}`).toString();
    expect(serial.rows).toEqual([{ serial: shown }]);
  });

  it('cannot be a secure context, which would take the place of that certificate', () => {
    const refusal = { code: 'DATABASE_CONFIGURATION_INVALID', setting: 'typeorm.ssl.secureContext' };
    expect(() => optionsWith({ secureContext: createSecureContext() })).toThrow(expect.objectContaining(refusal));
  });
});
