import { DevServices, queryPostgres } from '@keyturn/dev-services';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { RotatingFixture } from '../../rotating-data-source.fixture.js';
import { AskingServer, authentication, requests } from './asking-server.fixture.js';

const issuer = inject('servers').postgres.superuser;

const group = 'scram_log_ins';

beforeAll(async () => {
  await queryPostgres(issuer, `CREATE ROLE ${group}`);
});
afterAll(async () => {
  await queryPostgres(issuer, `DROP ROLE ${group}`);
});

const challenged = 11;
const ended = 12;
const salt = Buffer.from('a salt of sixteen').toString('base64');

/** Challenges the client, and gives `proof` for the proof that it knows the password; then it takes the log-in for done. */
function impostor(proof: string): (sent: Buffer) => Buffer | undefined {
  return (sent) => {
    const [, nonce] = /n,,n=\*,r=(.+)$/.exec(sent.toString('latin1')) ?? [];
    if (nonce !== undefined) return authentication(challenged, Buffer.from(`r=${nonce}more,s=${salt},i=4096`));
    return Buffer.concat([authentication(ended, Buffer.from(proof)), requests.ok, requests.ready]);
  };
}

describe('A server that does not know the password', () => {
  it.each([
    ['gives another signature', `v=${Buffer.alloc(32, 7).toString('base64')}`],
    ['gives no signature', 'x=y'],
    ['gives an empty one', 'v='],
    ['says why it gives none', 'e=other-error'],
  ])('and %s gets no statement', async (_what, proof) => {
    await using server = await AskingServer.start({ answer: requests.sasl, reply: impostor(proof) });
    await using fixture = new RotatingFixture(issuer, group, { typeorm: { port: server.port } });
    await expect(fixture.dataSource.initialize()).rejects.toThrow(/SASL: SCRAM-SERVER-FINAL-MESSAGE/);
    await server.abandoned();
    expect(Buffer.concat(server.received).toString('latin1')).not.toContain('SELECT');
  });
});

describe('A log-in with enableChannelBinding', () => {
  it('is served without TLS, where there is no channel to bind to', async () => {
    await using fixture = new RotatingFixture(issuer, group, { typeorm: { extra: { enableChannelBinding: true } } });
    await fixture.dataSource.initialize();
    await fixture.controller.refreshNow();
    expect(await fixture.dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('is bound to the channel over TLS, before and after a rotation', async () => {
    await using services = await DevServices.start({ postgres: { tls: true } });
    const admin = services.postgres.superuser;
    await queryPostgres(admin, `CREATE ROLE ${group}`);
    const ca = readFileSync(services.postgres.caFile!, 'utf8');
    await using fixture = new RotatingFixture(admin, group, { typeorm: { ssl: { ca }, extra: { enableChannelBinding: true } } });
    await fixture.dataSource.initialize();
    await fixture.controller.refreshNow();
    expect(await fixture.dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});
