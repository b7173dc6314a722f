import { readFileSync } from 'node:fs';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DevServices } from '../dev-services.js';
import type { PostgresServer } from './postgres-server.js';

const NO_CERTIFICATE = { certificate: undefined, privateKey: undefined };

describe('PostgresServer', () => {
  let services: DevServices;
  let postgres: PostgresServer;

  beforeAll(async () => {
    services = await DevServices.start({
      postgres: {
        database: 'grimoire',
        tls: { clientCertificate: true },
        settings: { max_connections: 17 },
        setup: ["CREATE ROLE reader LOGIN PASSWORD 'reading'", 'CREATE TABLE recipes (name text)', "INSERT INTO recipes VALUES ('soup')"],
      },
    });
    postgres = services.postgres;
  });

  afterAll(() => services?.stop());

  const recipes = (): Promise<unknown[]> => postgres.query('SELECT name FROM recipes');

  it('has the database, settings and data that were described', async () => {
    expect(await postgres.query('SHOW max_connections')).toEqual([{ max_connections: '17' }]);
    expect(await postgres.query('SELECT name FROM recipes WHERE name = $1', ['soup'])).toEqual([{ name: 'soup' }]);
  });

  it('keeps its data and port over a restart', async () => {
    const { port } = postgres;
    await postgres.restart();

    expect(postgres.port).toBe(port);
    expect(await recipes()).toEqual([{ name: 'soup' }]);
  });

  it('tells open sessions of a restart as an operator would', async () => {
    const sleeping = postgres.query('SELECT pg_sleep(60)').catch((error: unknown) => error);
    await expect.poll(() => postgres.query("SELECT 1 FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)'")).toHaveLength(1);
    await postgres.restart();

    expect(await sleeping).toMatchObject({ code: '57P01' });
  });

  it('keeps its data over SIGKILL', async () => {
    await postgres.query("INSERT INTO recipes VALUES ('stew')");
    await postgres.kill();
    await expect(recipes()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await postgres.restart();

    expect(await recipes()).toEqual([{ name: 'soup' }, { name: 'stew' }]);
  });

  it('asks applications for a certificate whose common name is their role', async () => {
    const { host, port, database, caFile = '' } = postgres;
    const logIn = async (role?: string): Promise<string> => {
      const { certificate: cert, privateKey: key } = role ? await postgres.clientCertificate(role) : NO_CERTIFICATE;
      const ssl = { ca: readFileSync(caFile, 'utf8'), ...(cert && key ? { cert, key } : {}) };
      const client = new Client({ host, port, database, user: 'reader', password: 'reading', ssl });
      await client.connect();
      await client.end();
      return 'logged in';
    };

    expect(await logIn('reader')).toBe('logged in');
    await expect(logIn('somebody-else')).rejects.toMatchObject({ code: '28P01' });
    await expect(logIn()).rejects.toMatchObject({ code: '28000' });
  });
});

describe('PostgresServer with another method of authentication', () => {
  it.each(['md5', 'password', 'trust', 'scram-sha-256'] as const)('asks applications for %s', async (authentication) => {
    await using services = await DevServices.start({
      postgres: { authentication, setup: ["CREATE ROLE reader LOGIN PASSWORD 'reading'"] },
    });
    const { host, port, database } = services.postgres;
    const asked: string[] = [];
    const client = new Client({ host, port, database, user: 'reader', password: 'reading' });
    const events = { md5: 'authenticationMD5Password', password: 'authenticationCleartextPassword', 'scram-sha-256': 'authenticationSASL' };
    const { connection } = client as unknown as { connection: NodeJS.EventEmitter };
    for (const [method, event] of Object.entries(events)) connection.on(event, () => asked.push(method));
    await client.connect();
    await client.end();
    expect(asked).toEqual(authentication === 'trust' ? [] : [authentication]);
  });
});
