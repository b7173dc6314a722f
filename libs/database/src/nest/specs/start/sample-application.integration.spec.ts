import { appRoleStatements, OpenBaoAdmin, queryPostgres } from '@keyturn/dev-services';
import { token, VaultModule } from '@keyturn/vault';
import { Injectable, Module, type DynamicModule } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { getDataSourceToken, getRepositoryToken, InjectDataSource, InjectRepository, TypeOrmModule } from '@nestjs/typeorm';
import { Column, DataSource, Entity, PrimaryGeneratedColumn, Repository } from 'typeorm';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, inject, it } from 'vitest';
import { dynamicRole } from '../../../credentials/roles/dynamic-role.js';
import { DatabaseModule } from '../../database.module.js';
import { getDatabaseCredentialsToken } from '../../database-tokens.js';

const servers = inject('servers');
const admin = servers.postgres.superuser;

@Entity({ name: 'sample_user' })
class User {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column({ type: 'text', unique: true })
  name!: string;
}

@Injectable()
class UsersRepository extends Repository<User> {
  constructor(@InjectDataSource('sample') dataSource: DataSource) {
    super(User, dataSource.createEntityManager());
  }

  findByName(name: string): Promise<User | null> {
    return this.findOneBy({ name });
  }
}

@Injectable()
class UsersService {
  constructor(
    @InjectRepository(User, 'sample') private readonly users: Repository<User>,
    @InjectDataSource('sample') private readonly dataSource: DataSource,
  ) {}

  findAll(): Promise<User[]> {
    return this.users.find({ order: { name: 'ASC' } });
  }

  async createMany(names: readonly string[]): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      for (const name of names) await manager.save(User, { name });
    });
  }
}

@Module({ imports: [TypeOrmModule.forFeature([User], 'sample')], providers: [UsersService, UsersRepository] })
class UsersModule {}

const server = { type: 'postgres', host: admin.host, port: admin.port, database: admin.database } as const;
const shared = { autoLoadEntities: true, synchronize: true, dropSchema: false } as const;

const plain = (): DynamicModule[] => [
  TypeOrmModule.forRoot({ ...server, ...shared, name: 'sample', username: 'sample_plain', password: 'sample-password' }),
];
const rotating = (): DynamicModule[] => [
  VaultModule.forRoot({ address: servers.openbao.address, auth: token(servers.openbao.token) }),
  DatabaseModule.forRoot({
    name: 'sample',
    typeorm: { ...server, ...shared },
    credentials: dynamicRole('sample', { mountPoint: 'sampledb' }),
  }),
];

beforeAll(async () => {
  await queryPostgres(
    admin,
    `CREATE ROLE sample_app; GRANT USAGE, CREATE ON SCHEMA public TO sample_app;
     CREATE ROLE sample_plain LOGIN PASSWORD 'sample-password' IN ROLE sample_app; ALTER ROLE sample_plain SET role = 'sample_app'`,
  );
  const openbao = new OpenBaoAdmin(servers.openbao, servers.postgres.vault);
  const statements = { creation_statements: appRoleStatements({ role: 'sample_app' }), default_ttl: '1h' };
  await openbao.provision({ database: { mount: 'sampledb', dynamicRoles: { sample: statements } } });
});
afterAll(async () => {
  await queryPostgres(admin, 'DROP OWNED BY sample_app; DROP ROLE sample_plain; DROP ROLE sample_app');
});

describe.each([
  ['TypeOrmModule', plain],
  ['DatabaseModule', rotating],
])('an application written for @nestjs/typeorm, on %s', (_, database) => {
  let module: TestingModule;

  beforeEach(async () => {
    module = await Test.createTestingModule({ imports: [...database(), UsersModule] }).compile();
    await module.init();
    await module.get<DataSource>(getDataSourceToken('sample')).getRepository(User).clear();
  });
  afterEach(() => module.close());

  it('saves in a transaction and finds through an injected repository', async () => {
    await module.get(UsersService).createMany(['Ada', 'Grace']);
    expect((await module.get(UsersService).findAll()).map(({ name }) => name)).toEqual(['Ada', 'Grace']);
  });

  it('rolls back as a whole', async () => {
    await expect(module.get(UsersService).createMany(['Ada', 'Ada'])).rejects.toMatchObject({ code: '23505' });
    expect(await module.get(UsersService).findAll()).toEqual([]);
  });

  it('finds through a custom repository', async () => {
    await module.get(UsersService).createMany(['Ada']);
    expect(await module.get(UsersRepository).findByName('Ada')).toMatchObject({ name: 'Ada' });
  });

  it('works with a repository that a test replaces', async () => {
    const replaced = await Test.createTestingModule({ imports: [...database(), UsersModule] })
      .overrideProvider(getRepositoryToken(User, 'sample'))
      .useValue({ find: () => Promise.resolve([{ id: 1, name: 'Nobody' }]) })
      .compile();
    expect(await replaced.get(UsersService).findAll()).toEqual([{ id: 1, name: 'Nobody' }]);
    await replaced.close();
  });
});

describe('DatabaseModule with a named data source', () => {
  it('gives its credentials under its name', async () => {
    const module = await Test.createTestingModule({ imports: [...rotating(), UsersModule] }).compile();
    await module.init();
    const credentials = module.get(getDatabaseCredentialsToken('sample'));
    await credentials.refreshNow();
    expect(credentials.snapshot()).toMatchObject({ source: 'sampledb/creds/sample', generation: 2 });
    await module.close();
  });
});
