import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { token, VaultModule, VaultService } from '@keyturn/vault';
import { Inject, Injectable, Module, type ModuleMetadata } from '@nestjs/common';
import { Test, type TestingModule, type TestingModuleBuilder } from '@nestjs/testing';
import {
  getDataSourceToken,
  getRepositoryToken,
  InjectDataSource,
  InjectEntityManager,
  InjectRepository,
  TypeOrmModule,
} from '@nestjs/typeorm';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { DataSource, EntityManager, EntitySchema, type Repository } from 'typeorm';
import { dynamicRole } from '../../../credentials/roles/dynamic-role.js';
import type { CredentialSource } from '../../../credentials/credential-source.js';
import { DatabaseCredentials } from '../../database-credentials.js';
import { DatabaseHealthIndicator } from '../../database.health-indicator.js';
import type { DatabaseModuleExtras } from '../../database-module.options.js';
import { getDatabaseCredentialsToken } from '../../database-tokens.js';
import { DatabaseModule } from '../../database.module.js';

const { openbao } = inject('servers');
const Book = new EntitySchema<{ id: number }>({ name: 'Book', columns: { id: { type: Number, primary: true } } });

let asked: string[];
let database: Server;
const open: TestingModule[] = [];

beforeEach(async () => {
  asked = [];
  database = createServer((socket) => {
    asked.push('connection');
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(database, 'listening');
});
afterEach(async () => {
  for (const module of open.splice(0)) await module.close();
  database.close();
});

const source: CredentialSource = {
  name: 'counted',
  mints: true,
  issue: () => {
    asked.push('credentials');
    return Promise.reject(new Error('no credentials in a test'));
  },
};

@Injectable()
class Books {
  constructor(
    @InjectDataSource() readonly dataSource: DataSource,
    @InjectEntityManager() readonly manager: EntityManager,
    @InjectRepository(Book) readonly repository: Repository<{ id: number }>,
    @Inject(DatabaseCredentials) readonly credentials: DatabaseCredentials,
    @Inject(DatabaseHealthIndicator) readonly health: DatabaseHealthIndicator,
  ) {}
}

@Module({ imports: [TypeOrmModule.forFeature([Book])], providers: [Books] })
class BooksModule {}

function application(extras: DatabaseModuleExtras = {}, imports: ModuleMetadata['imports'] = [BooksModule]): TestingModuleBuilder {
  const { port } = database.address() as AddressInfo;
  const typeorm = { type: 'postgres' as const, host: '127.0.0.1', port, connectTimeoutMS: 300, entities: [Book] };
  return Test.createTestingModule({
    imports: [DatabaseModule.forRoot({ ...extras, typeorm, credentials: source }), ...imports],
  });
}

async function started(builder: TestingModuleBuilder): Promise<TestingModule> {
  const module = await builder.compile();
  open.push(module);
  return module.init();
}

const unconnected = (): DataSource => new DataSource({ type: 'postgres', entities: [Book] });
const theirs = (): object => TypeOrmModule.forRoot({ type: 'postgres', host: 'of the test', manualInitialization: true });

/** A module as an application of this describes it, made anew for each test. */
function moduleOf(metadata: ModuleMetadata): new () => object {
  class OfTheTest {}
  Module(metadata)(OfTheTest);
  return OfTheTest;
}

describe('DatabaseModule in the tests of an application', () => {
  it('asks for credentials and fails the start when nothing is replaced', async () => {
    await expect(started(application())).rejects.toThrow('no credentials in a test');
    expect(asked).toContain('credentials');
  });

  it.each([true, false])('asks nobody after overrideProvider(getDataSourceToken()), isGlobal %s', async (isGlobal) => {
    const fake = unconnected();
    const module = await started(application({ isGlobal }, []).overrideProvider(getDataSourceToken()).useValue(fake));
    expect(module.get(DataSource)).toBe(fake);
    expect(asked).toEqual([]);
  });

  it('gives everybody the data source of overrideProvider(getDataSourceToken())', async () => {
    const fake = unconnected();
    const module = await started(application().overrideProvider(getDataSourceToken()).useValue(fake));
    expect(module.get(Books).repository.manager).toBe(fake.manager);
    expect(asked).toEqual([]);
  });

  it('asks no server where both the data source and VaultService are replaced', async () => {
    const builder = Test.createTestingModule({
      imports: [
        VaultModule.forRoot({ environment: {} }),
        DatabaseModule.forRoot({ typeorm: { type: 'postgres' }, credentials: dynamicRole('app') }),
      ],
    });
    const logins: string[] = [];
    const vault = { onModuleInit: () => logins.push('vault'), secrets: {}, leases: {}, request: () => undefined };
    await started(builder.overrideProvider(VaultService).useValue(vault).overrideProvider(DataSource).useValue(unconnected()));
    expect(logins).toEqual(['vault']);
  });

  it('logs in to Vault only as Nest starts VaultService, where the data source is replaced', async () => {
    const builder = Test.createTestingModule({
      imports: [
        VaultModule.forRoot({ address: openbao.address, auth: token('s.wrong') }),
        DatabaseModule.forRoot({ typeorm: { type: 'postgres' }, credentials: dynamicRole('app') }),
      ],
    });
    const module = await builder.overrideProvider(DataSource).useValue(unconnected()).compile();
    expect(module.get(VaultService).session.state.kind).toBe('idle');
  });

  it.each<[string, (dataSource: DataSource) => ModuleMetadata]>([
    ['that provides one', (dataSource) => ({ providers: [{ provide: DataSource, useValue: dataSource }], exports: [DataSource] })],
    [
      'that re-exports one',
      (dataSource) => {
        const inner = moduleOf({ providers: [{ provide: DataSource, useValue: dataSource }], exports: [DataSource] });
        return { imports: [inner], exports: [inner] };
      },
    ],
  ])('gives everybody the data source of overrideModule(DatabaseModule) by a module %s', async (_, metadata) => {
    const fake = unconnected();
    const module = await started(
      application()
        .overrideModule(DatabaseModule)
        .useModule(moduleOf(metadata(fake))),
    );
    const books = module.get(Books);
    expect(books.dataSource).toBe(fake);
    expect(books.manager).toBe(fake.manager);
    expect(books.repository.manager).toBe(fake.manager);
    expect(asked).toEqual([]);
  });

  it.each<[string, (builder: TestingModuleBuilder) => TestingModuleBuilder]>([
    [
      'the module in the place imports',
      (builder) => builder.overrideModule(DatabaseModule).useModule(moduleOf({ imports: [theirs() as never] })),
    ],
    [
      'the module in the place exports',
      (builder) => builder.overrideModule(DatabaseModule).useModule(moduleOf({ imports: [theirs() as never], exports: [TypeOrmModule] })),
    ],
  ])('gives everybody the data source of a TypeOrmModule that %s', async (_, replace) => {
    const module = await started(replace(application()));
    expect(module.get(Books).dataSource.options).toMatchObject({ host: 'of the test' });
    expect(module.get(Books).manager).toBe(module.get(Books).dataSource.manager);
    expect(asked).toEqual([]);
  });

  it('gives everybody the data source of a TypeOrmModule beside an empty module in the place', async () => {
    for (const last of [true, false]) {
      const imports = last ? [BooksModule, theirs() as never] : [theirs() as never, BooksModule];
      const module = await started(application({}, imports).overrideModule(DatabaseModule).useModule(moduleOf({})));
      expect(module.get(Books).dataSource.options).toMatchObject({ host: 'of the test' });
    }
    expect(asked).toEqual([]);
  });

  it('starts on an empty module in the place, where repositories are replaced one by one', async () => {
    const repository = {};
    const module = await started(
      application().overrideModule(DatabaseModule).useModule(moduleOf({})).overrideProvider(getRepositoryToken(Book)).useValue(repository),
    );
    const books = module.get(Books);
    expect(books.repository).toBe(repository);
    expect(books.dataSource.isInitialized).toBe(false);
    await expect(books.credentials.refreshNow()).rejects.toMatchObject({ code: 'DATABASE_CREDENTIALS_UNAVAILABLE' });
    expect(books.health.isHealthy()).toMatchObject({ database: { generation: null } });
    expect(asked).toEqual([]);
  });

  it('hands out credentials and health of the module in the place', async () => {
    const [credentials, health] = [{ generation: 7 }, { isHealthy: () => ({}) }];
    const providers = [
      { provide: DatabaseCredentials, useValue: credentials },
      { provide: DatabaseHealthIndicator, useValue: health },
    ];
    const exports = [DatabaseCredentials, DatabaseHealthIndicator];
    const module = await started(application().overrideModule(DatabaseModule).useModule(moduleOf({ providers, exports })));
    expect(module.get(Books).credentials).toBe(credentials);
    expect(module.get(Books).health).toBe(health);
  });

  it('needs no settings and no Vault once the module is replaced', async () => {
    const nothing = DatabaseModule.forRoot({} as never);
    const builder = Test.createTestingModule({ imports: [nothing, BooksModule] });
    const module = await started(builder.overrideModule(DatabaseModule).useModule(moduleOf({})));
    expect(module.get(DataSource).isInitialized).toBe(false);
  });

  it('replaces a named data source by its token, and every one with the module', async () => {
    const fake = unconnected();
    const named = await started(application({ name: 'orders' }, []).overrideProvider(getDataSourceToken('orders')).useValue(fake));
    expect(named.get(getDataSourceToken('orders'))).toBe(fake);
    const replaced = await started(application({ name: 'orders' }, []).overrideModule(DatabaseModule).useModule(moduleOf({})));
    expect(replaced.get(getDatabaseCredentialsToken('orders'))).toBeDefined();
    expect(asked).toEqual([]);
  });
});
