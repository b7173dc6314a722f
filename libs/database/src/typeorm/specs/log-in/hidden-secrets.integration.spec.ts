import { DevServices, queryPostgres, type PostgresAccess } from '@keyturn/dev-services';
import { pbkdf2Sync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RotatingFixture } from '../../rotating-data-source.fixture.js';

const group = 'hidden';
let services: DevServices;
let fixture: RotatingFixture;
/** What must show nowhere, and how a finding is named. */
const canaries = new Map<string, string>();
let roots: Record<string, object>;

beforeAll(async () => {
  services = await DevServices.start({ postgres: { tls: true } });
  const { superuser, caFile } = services.postgres;
  await queryPostgres(superuser, `CREATE ROLE ${group}`);
  const { certificate: cert, privateKey: key } = await services.postgres.clientCertificate('grimoire');
  // One file for all, as many make it.
  const bundle = `${key}\n${cert}\n`;
  const ssl = { ca: `${readFileSync(caFile!, 'utf8')}\n${bundle}`, cert: bundle, key: bundle };
  const { host, port, database } = superuser;
  const node = { host, port, database, ssl };
  fixture = new RotatingFixture(superuser, group, { typeorm: { ssl, extra: { ssl }, replication: { master: node, slaves: [node] } } });
  await fixture.dataSource.initialize();
  await fixture.controller.refreshNow();
  for (const line of key.split('\n').filter((text) => /^[A-Za-z0-9+/=]{40,}$/.test(text))) canaries.set(line, 'a line of the private key');
  for (const { credential } of fixture.source.issued) canaries.set(credential.revealPassword()!, `the password of ${credential.username}`);
  const current = fixture.source.issued.at(-1)!.credential;
  canaries.set(await derivedKey(superuser, current.username, current.revealPassword()!), 'the key derived from the password');
  const runner = fixture.dataSource.createQueryRunner();
  const client = (await runner.connect()) as { connection: { stream: object } };
  const { driver } = fixture.dataSource as unknown as { driver: { master: object; slaves: object[] } };
  roots = {
    stream: client.connection.stream,
    connection: client.connection,
    client,
    master: driver.master,
    replica: driver.slaves[0]!,
    driver,
    runner,
    options: fixture.dataSource.options,
    controller: fixture.controller,
    dataSource: fixture.dataSource,
  };
});
afterAll(async () => {
  await (roots?.['runner'] as { release(): Promise<void> } | undefined)?.release();
  await fixture?.[Symbol.asyncDispose]();
  await services?.stop();
});

/** The SCRAM key that is as good as the password, byte for byte as `textOf` shows it. */
async function derivedKey(superuser: PostgresAccess, role: string, password: string): Promise<string> {
  const [row] = await queryPostgres(superuser, `SELECT rolpassword FROM pg_authid WHERE rolname = '${role}'`);
  const [, iterations, salt] = /^SCRAM-SHA-256\$(\d+):([^$]+)\$/.exec(String(row?.['rolpassword'])) ?? [];
  return pbkdf2Sync(password, Buffer.from(salt!, 'base64'), Number(iterations), 32, 'sha256').toString('latin1');
}

const ownedBySpec = new Set<unknown>([globalThis, process]);

/** Every value that can be reached from `root`: properties of any name, enumerable or not, of it and its prototypes, getters included. */
function* reachable(root: object): Generator<readonly [path: string, value: unknown]> {
  const seen = new Set<unknown>(ownedBySpec);
  const queue: (readonly [string, unknown])[] = [['', root]];
  for (const [path, value] of queue) {
    if (seen.has(value)) continue;
    seen.add(value);
    yield [path, value];
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || ArrayBuffer.isView(value)) continue;
    for (const [name, found] of membersOf(value)) queue.push([`${path}.${name}`, found]);
  }
}

function* membersOf(value: object): Generator<readonly [string, unknown]> {
  if (value instanceof Map || value instanceof Set) {
    for (const entry of value) yield ['entry', entry];
  }
  for (let holder: object | null = value; holder !== null && holder !== Object.prototype; holder = Reflect.getPrototypeOf(holder)) {
    if (holder !== value) yield ['prototype', holder];
    for (const name of Reflect.ownKeys(holder)) {
      try {
        yield [String(name), Reflect.get(holder, name, value)];
      } catch {
        // A getter that wants another receiver.
      }
    }
  }
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return ArrayBuffer.isView(value) ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1') : undefined;
}

function canariesIn(text: string | undefined): string[] {
  return text === undefined ? [] : [...canaries].filter(([canary]) => text.includes(canary)).map(([, name]) => name);
}

const names = ['stream', 'connection', 'client', 'master', 'replica', 'driver', 'runner', 'options', 'controller', 'dataSource'];

describe('What TypeORM shows of a data source with a client certificate and an issued password', () => {
  it('has something to hide', () => {
    expect(canaries.size).toBeGreaterThan(3);
    expect([...reachable({ deep: { list: [...canaries.keys()] } })].flatMap(([, value]) => canariesIn(textOf(value)))).toHaveLength(
      canaries.size,
    );
  });

  it.each(names)('holds neither key nor password at any depth: %s', (name) => {
    const findings: string[] = [];
    let visited = 0;
    for (const [path, value] of reachable(roots[name]!)) {
      visited += 1;
      findings.push(...canariesIn(textOf(value)).map((what) => `${what} at ${name}${path}`));
    }
    expect(findings).toEqual([]);
    expect(visited).toBeGreaterThan(10);
  });

  it.each(['stream', 'connection', 'client', 'master', 'replica', 'options'])(
    'shows neither to inspect with all it can show: %s',
    (name) => {
      expect(
        canariesIn(
          inspect(roots[name], { showHidden: true, depth: Number.POSITIVE_INFINITY, maxArrayLength: null, maxStringLength: null }),
        ),
      ).toEqual([]);
    },
  );

  it.each(['runner', 'driver', 'dataSource', 'controller'])('shows neither to inspect: %s', (name) => {
    expect(canariesIn(inspect(roots[name], { showHidden: true, depth: 6, maxArrayLength: null, maxStringLength: null }))).toEqual([]);
  });
});
