import { DevServices, queryPostgres } from '@keyturn/dev-services';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { RotatingFixture, type RotatingFixtureOptions } from '../../rotating-data-source.fixture.js';
import { AskingServer, authentication, requests } from './asking-server.fixture.js';

const issuer = inject('servers').postgres.superuser;

const group = 'asked_for_passwords';

beforeAll(async () => {
  await queryPostgres(issuer, `CREATE ROLE ${group}`);
});
afterAll(async () => {
  await queryPostgres(issuer, `DROP ROLE ${group}`);
});

function failureOf(fixture: RotatingFixture): Promise<unknown> {
  return fixture.dataSource.initialize().then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** With retries long enough to show that there are none. */
const patient: RotatingFixtureOptions = { rotation: { mintBudget: 10 } };

describe('A server that asks for the issued password', () => {
  it.each([
    ['in clear text', 'password', requests.password],
    ['as an MD5 hash', 'md5', requests.md5],
    ['in clear text, and says in one breath that it has it', 'password', Buffer.concat([requests.password, requests.ok, requests.ready])],
  ])('%s gets no byte of it and is left, and one user is issued', async (_, reason, answer) => {
    await using server = await AskingServer.start({ answer });
    await using fixture = new RotatingFixture(issuer, group, { ...patient, typeorm: { port: server.port } });
    const failure = await failureOf(fixture);
    expect(failure).toMatchObject({ code: 'DATABASE_CONFIGURATION_INVALID', setting: 'typeorm.ssl', reason });
    expect((failure as Error).message).toMatch(/It got nothing\. .*pg_hba\.conf.*typeorm\.ssl.*require_auth: 'scram-sha-256,/s);
    await server.abandoned();
    expect(server.received).toEqual([]);
    expect(server.connections).toBe(1);
    expect(fixture.source.issued).toHaveLength(1);
  });

  it('after it spoke SCRAM gets nothing at the next rotations, which keep one user and serve on', async () => {
    await using server = await AskingServer.start({ answer: requests.password, before: issuer.port });
    await using fixture = new RotatingFixture(issuer, group, { ...patient, typeorm: { port: server.port } });
    await fixture.dataSource.initialize();
    server.isHonest = false;
    const expected = { code: 'DATABASE_CONFIGURATION_INVALID', reason: 'password' };
    await expect(fixture.controller.refreshNow()).rejects.toMatchObject(expected);
    await expect.poll(() => fixture.controller.refreshNow().catch(() => server.connections)).toBeGreaterThan(2);
    expect(server.received).toEqual([]);
    expect(fixture.source.issued).toHaveLength(2);
    expect(await fixture.dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    server.isHonest = true;
    await expect.poll(() => fixture.controller.refreshNow().then(() => fixture.controller.snapshot().generation)).toBeGreaterThan(1);
  });
});

describe('A server that asks for SCRAM', () => {
  it('and then takes the log-in for granted is taken for somebody else', async () => {
    await using server = await AskingServer.start({ answer: requests.sasl, reply: () => Buffer.concat([requests.ok, requests.ready]) });
    await using fixture = new RotatingFixture(issuer, group, { ...patient, typeorm: { port: server.port } });
    expect(await failureOf(fixture)).toMatchObject({ code: 'DATABASE_CONFIGURATION_INVALID', reason: 'scram-sha-256' });
    await server.abandoned();
    expect(fixture.source.issued).toHaveLength(1);
  });
});

describe('A server that never accepts the log-in', () => {
  it.each<[string, Buffer, Buffer | undefined]>([
    ['at all', requests.ready, undefined],
    ['after it asked for SCRAM', requests.sasl, requests.ready],
  ])('%s, and says that it waits for statements, gets none', async (_, answer, reply) => {
    await using server = await AskingServer.start({ answer, reply: () => reply });
    await using fixture = new RotatingFixture(issuer, group, { ...patient, typeorm: { port: server.port } });
    expect(await failureOf(fixture)).toMatchObject({
      code: 'DATABASE_CONFIGURATION_INVALID',
      setting: 'typeorm.host',
      reason: 'unaccepted',
    });
    await server.abandoned();
    expect(Buffer.concat(server.received).toString('latin1')).not.toContain('SELECT');
    expect(fixture.source.issued).toHaveLength(1);
  });
});

describe('A server that asks for a proof which pg does not know', () => {
  it.each<[string, Buffer, Buffer | undefined]>([
    ['GSSAPI', authentication(7), undefined],
    ['SSPI', authentication(9), undefined],
    ['nothing known, in the middle of SCRAM', requests.sasl, authentication(99)],
    ['half a message', Buffer.from('R\0\0\0\x04'), undefined],
  ])('%s, does not end the process: it is left and named', async (_, answer, reply) => {
    await using server = await AskingServer.start({ answer, reply: () => reply });
    await using fixture = new RotatingFixture(issuer, group, { ...patient, typeorm: { port: server.port } });
    const failure = await failureOf(fixture);
    expect(failure).toMatchObject({ code: 'DATABASE_CONFIGURATION_INVALID', setting: 'typeorm.host', reason: 'unreadable' });
    expect((failure as Error).message).toMatch(/pg_hba\.conf.*scram-sha-256/);
    await server.abandoned();
    expect(fixture.source.issued).toHaveLength(1);
  });
});

describe('A server that refuses the log-in and goes on as if it had not', () => {
  it('is left, and its connection given to nobody', async () => {
    await using server = await AskingServer.start({ answer: Buffer.concat([requests.refusal, requests.ok, requests.ready]) });
    await using fixture = new RotatingFixture(issuer, group, { typeorm: { port: server.port } });
    expect(await failureOf(fixture)).toMatchObject({ code: 'DATABASE_LOGIN_REJECTED', reason: '28P01' });
    await server.abandoned();
    expect(server.received).toEqual([]);
  });
});

describe('PostgreSQL whose pg_hba.conf asks for', () => {
  it.each(['password', 'md5'] as const)(
    '%s is refused without TLS, and served where require_auth or verified TLS allows it',
    async (method) => {
      await using services = await DevServices.start({ postgres: { authentication: method } });
      const admin = services.postgres.superuser;
      await queryPostgres(admin, `CREATE ROLE ${group}`);
      await using refused = new RotatingFixture(admin, group, patient);
      expect(await failureOf(refused)).toMatchObject({ code: 'DATABASE_CONFIGURATION_INVALID', reason: method });
      expect(refused.source.issued).toHaveLength(1);
      expect(await refused.source.liveRoles()).toEqual([]);

      await using allowed = new RotatingFixture(admin, group, { typeorm: { extra: { require_auth: `scram-sha-256,${method}` } } });
      await allowed.dataSource.initialize();
      await allowed.controller.refreshNow();
      expect(await allowed.dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);

      await using secured = await DevServices.start({ postgres: { authentication: method, tls: true } });
      const overTls = secured.postgres.superuser;
      await queryPostgres(overTls, `CREATE ROLE ${group}`);
      const ca = readFileSync(secured.postgres.caFile!, 'utf8');
      await using verified = new RotatingFixture(overTls, group, { typeorm: { ssl: { ca } } });
      await verified.dataSource.initialize();
      await verified.controller.refreshNow();
      expect(await verified.dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);

      await using unverified = new RotatingFixture(overTls, group, { ...patient, typeorm: { ssl: { rejectUnauthorized: false } } });
      expect(await failureOf(unverified)).toMatchObject({ code: 'DATABASE_CONFIGURATION_INVALID', setting: 'typeorm.ssl', reason: method });
    },
  );

  it('nothing is served, and refused where require_auth wants a proof', async () => {
    await using services = await DevServices.start({ postgres: { authentication: 'trust' } });
    const admin = services.postgres.superuser;
    await queryPostgres(admin, `CREATE ROLE ${group}`);
    await using trusting = new RotatingFixture(admin, group);
    await trusting.dataSource.initialize();
    await using wary = new RotatingFixture(admin, group, { ...patient, typeorm: { extra: { require_auth: 'scram-sha-256' } } });
    const expected = { code: 'DATABASE_CONFIGURATION_INVALID', setting: 'typeorm.extra.require_auth', reason: 'none' };
    expect(await failureOf(wary)).toMatchObject(expected);
  });
});
