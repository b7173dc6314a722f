import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { PostgresAdapter } from '../driver/postgres/postgres.adapter.js';
import { RotationController } from '../rotation/rotation-controller.js';
import type { RotatingDataSourceOptions } from './rotating-data-source-options.js';
import { withRotatingDriver } from './with-rotating-driver.js';

type Options = Readonly<Record<string, unknown>>;

const source = { mints: true, name: 'never asked', issue: () => Promise.reject(new Error('not asked for here')) };

/** The options that TypeORM would get. */
function resolved(options: Options): Options {
  const controller = new RotationController({ source, adapter: new PostgresAdapter(pg) });
  const given = { type: 'postgres', database: 'app', ...options } as unknown as RotatingDataSourceOptions;
  return withRotatingDriver(given, controller) as unknown as Options;
}

const replication = { master: {}, slaves: [{}, {}] };

/** Where options stand, and how to set one there. */
const places: Readonly<Record<string, (name: string, value: unknown) => Options>> = {
  typeorm: (name, value) => ({ [name]: value }),
  'typeorm.extra': (name, value) => ({ extra: { [name]: value } }),
  'typeorm.cache': (name, value) => ({ cache: { [name]: value } }),
  'typeorm.replication.master': (name, value) => ({ replication: { ...replication, master: { [name]: value } } }),
  'typeorm.replication.slaves[1]': (name, value) => ({ replication: { ...replication, slaves: [{}, { [name]: value }] } }),
};

const server = { host: 'text', port: 'number', database: 'text' } as const;
const node = { ...server, applicationName: 'text' } as const;
const kinds: Readonly<Record<string, Readonly<Record<string, 'number' | 'text' | 'boolean' | 'function'>>>> = {
  typeorm: {
    ...node,
    connectTimeoutMS: 'number',
    poolSize: 'number',
    maxQueryExecutionTime: 'number',
    retryAttempts: 'number',
    retryDelay: 'number',
  },
  'typeorm.extra': {
    ...server,
    max: 'number',
    poolSize: 'number',
    min: 'number',
    maxUses: 'number',
    maxLifetimeSeconds: 'number',
    idleTimeoutMillis: 'number',
    connectionTimeoutMillis: 'number',
    keepAliveInitialDelayMillis: 'number',
    query_timeout: 'number',
    statement_timeout: 'number',
    lock_timeout: 'number',
    idle_in_transaction_session_timeout: 'number',
    scramMaxIterations: 'number',
    keepAlive: 'boolean',
    allowExitOnIdle: 'boolean',
    enableChannelBinding: 'boolean',
    pipeline: 'boolean',
    application_name: 'text',
    fallback_application_name: 'text',
    client_encoding: 'text',
    options: 'text',
    onConnect: 'function',
  },
  'typeorm.cache': { duration: 'number' },
  'typeorm.replication.master': node,
  'typeorm.replication.slaves[1]': node,
};

/** Every kind of value that a configuration may hold by mistake. */
const values: readonly unknown[] = [
  3_000,
  '3000',
  ' 3000 ',
  '3e3',
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  -1,
  '-1',
  3_000_000_000,
  '',
  ' ',
  '3s',
  'NaN',
  'Infinity',
  '3,000',
  3_000n,
  null,
  true,
  false,
  'true',
  [3_000],
  { ms: 3_000 },
  new Date(0),
  Symbol('3000'),
  () => 3_000,
  '{"pa55word":"3000"}',
];

/** What pg documents as a value that is no number. */
const meaningful: Readonly<Record<string, readonly unknown[]>> = {
  maxUses: [Number.POSITIVE_INFINITY],
  retryAttempts: [Number.POSITIVE_INFINITY],
  idleTimeoutMillis: [null],
  query_timeout: [false],
  statement_timeout: [false],
  lock_timeout: [false],
  idle_in_transaction_session_timeout: [false],
};

function accepted(kind: string, name: string, value: unknown): { readonly as: unknown } | undefined {
  if (meaningful[name]?.includes(value)) return { as: value };
  if (value === null) return { as: undefined };
  if (kind !== 'number') return typeof value === (kind === 'text' ? 'string' : kind) ? { as: value } : undefined;
  return [3_000, '3000', ' 3000 ', '3e3'].includes(value as string) ? { as: 3_000 } : undefined;
}

const show = (value: unknown): string =>
  typeof value === 'string' ? `the text '${value}'` : `${typeof value} ${Array.isArray(value) ? '[]' : String(value)}`;

const refusal = /^DATABASE_CONFIGURATION_INVALID (\S+): \1 must be .+, but is .+\. \w.+\.$/;

/** What became of the option: the value that TypeORM would get, or which option was refused. */
function outcome(place: string, name: string, value: unknown): unknown {
  try {
    const options = resolved(places[place]!(name, value));
    return { taken: readBack(options, `${place}.${name}`) };
  } catch (error) {
    const { code, setting, message } = error as { code?: string; setting?: string; message: string };
    const told = `${code} ${setting}: ${message}`;
    return refusal.test(told) && !told.includes('pa55word') ? { refused: setting } : { unexplained: told };
  }
}

function readBack(options: Options, path: string): unknown {
  const steps = path.replace('[1]', '.1').split('.').slice(1);
  return steps.reduce<unknown>((found, step) => (found as Options)[step], options);
}

const table = Object.entries(kinds).flatMap(([place, options]) => Object.entries(options).map(([name, kind]) => ({ place, name, kind })));

describe('An option of the data source', () => {
  it.each(table)('$place.$name is taken as pg takes a $kind, or refused by its path, whatever it holds', ({ place, name, kind }) => {
    const outcomes = values.map((value) => [show(value), outcome(place, name, value)]);
    const expected = values.map((value) => {
      const taken = accepted(kind, name, value);
      return [show(value), taken === undefined ? { refused: `${place}.${name}` } : { taken: taken.as }];
    });
    expect(outcomes).toEqual(expected);
  });

  it.each([
    ['typeorm.extra', { extra: 'max=5' }],
    ['typeorm.extra.sslnegotiation', { extra: { sslnegotiation: 'require' } }],
    ['typeorm.ssl.rejectUnauthorized', { ssl: { rejectUnauthorized: 'false' } }],
    ['typeorm.ssl.checkServerIdentity', { ssl: { checkServerIdentity: false } }],
    ['typeorm.ssl.servername', { ssl: { servername: 5 } }],
    ['typeorm.extra.ssl.minDHSize', { extra: { ssl: { minDHSize: 'large' } } }],
    ['typeorm.replication', { replication: true }],
    ['typeorm.replication.master', { replication: { slaves: [] } }],
    ['typeorm.replication.slaves', { replication: { master: {} } }],
    ['typeorm.replication.slaves[0]', { replication: { master: {}, slaves: ['replica'] } }],
  ])('%s of another shape is refused by name', (setting, options) => {
    expect(() => resolved(options)).toThrow(expect.objectContaining({ code: 'DATABASE_CONFIGURATION_INVALID', setting }));
  });

  it.each([
    ['typeorm.require_auth', { require_auth: 'scram-sha-256' }],
    ['typeorm.replication.master.require_auth', { replication: { master: { require_auth: 'scram-sha-256' }, slaves: [] } }],
    ['typeorm.replication.slaves[0].require_auth', { replication: { master: {}, slaves: [{ require_auth: 'none' }] } }],
  ])('%s, where nobody would read it, is refused with the place where it belongs', (setting, options) => {
    const expected = { code: 'DATABASE_CONFIGURATION_INVALID', setting, message: expect.stringContaining('extra.require_auth') as string };
    expect(() => resolved(options)).toThrow(expect.objectContaining(expected));
  });

  it.each<[string, Options]>([
    ['TLS without verification, as hosts of databases advise', { ssl: { require: true, rejectUnauthorized: false } }],
    ['TLS in extra', { ssl: true, extra: { ssl: { rejectUnauthorized: false } } }],
    ['TLS with authorities as text, buffer and list', { ssl: { ca: [rootCertificates[0], Buffer.from(rootCertificates[1]!)] } }],
    ['TLS with parts left empty', { ssl: { ca: undefined, cert: '', key: undefined, passphrase: undefined, rejectUnauthorized: null } }],
    ['TLS off', { ssl: null }],
    ['TLS of a frozen object', { ssl: Object.freeze({ ca: rootCertificates[0] }) }],
    ['a socket of the machine', { host: '/cloudsql/project:region:instance' }],
    ['a time-out with a fraction', { extra: { statement_timeout: 0.9 * 3_000 } }],
    ['no time-out', { connectTimeoutMS: 0, extra: { idleTimeoutMillis: 0, statement_timeout: false } }],
    ['no replicas', { replication: { defaultMode: 'slave', master: { host: 'db', ssl: true }, slaves: [] } }],
    ['caches of every kind', { cache: { type: 'database', tableName: 'cache', alwaysEnabled: true, ignoreErrors: true } }],
    ['no groups', { extra: null, replication: null, cache: false, driver: null }],
  ])('takes, as plain TypeORM does, %s', (_, options) => {
    expect(() => resolved(options)).not.toThrow();
  });

  it('keeps what it knows nothing of, as it is', () => {
    const types = { getTypeParser: () => (text: string) => text };
    const { extra, schema } = resolved({ schema: 'grimoire', extra: { types, replication: 'database' } });
    expect({ extra, schema }).toEqual({ schema: 'grimoire', extra: { types, replication: 'database' } });
  });
});

const folder = (packageName: string): string => fileURLToPath(new URL(`../../../../node_modules/${packageName}/`, import.meta.url));
const numbersIn = (text: string): string[] =>
  [...text.matchAll(/^\s+(?:readonly )?(\w+)\?: [^;\n]*\b(?:number|boolean)\b[^;\n]*;/gm)].map(([, name = '']) => name);

const declared = (file: string, ...interfaces: string[]): string[] => {
  const text = readFileSync(file, 'utf8');
  return interfaces.flatMap((name) => numbersIn(new RegExp(`interface ${name} [^{]*\\{(.*?)^\\}`, 'ms').exec(text)?.[1] ?? ''));
};

describe('The published types of pg and TypeORM', () => {
  /** `ssl` has a spec of its own; TypeORM's switches are its own. */
  const elsewhere = new Set(['ssl']);

  it('have no number or switch of a pool that is not read at the door', () => {
    const found = declared(`${folder('@types/pg')}index.d.ts`, 'ClientConfig', 'PoolConfig').filter((name) => !elsewhere.has(name));
    expect(found).toContain('lock_timeout');
    expect(found.filter((name) => !(name in kinds['typeorm.extra']!))).toEqual([]);
  });

  it('have no number of a data source that is not read at the door', () => {
    const root = folder('typeorm');
    const numbers = [
      readFileSync(`${root}data-source/BaseDataSourceOptions.d.ts`, 'utf8'),
      readFileSync(`${root}driver/postgres/PostgresDataSourceOptions.d.ts`, 'utf8'),
      readFileSync(`${root}driver/postgres/PostgresConnectionCredentialsOptions.d.ts`, 'utf8'),
    ].flatMap((text) => [...text.matchAll(/readonly (\w+)\?: number;/g)].map(([, name = '']) => name));
    expect(numbers).toContain('connectTimeoutMS');
    expect(numbers.filter((name) => !(name in kinds['typeorm']!) && !(name in kinds['typeorm.cache']!))).toEqual([]);
  });
});
