import { token, VaultModule } from '@keyturn/vault';
import { Test } from '@nestjs/testing';
import { describe, expect, inject, it } from 'vitest';
import { queryPostgres } from '@keyturn/dev-services';
import { SqlRoleSource } from '../../../credentials/sql-role-source.fixture.js';
import { dynamicRole } from '../../../credentials/roles/dynamic-role.js';
import { DatabaseApplication } from '../../database-application.fixture.js';
import type { DatabaseModuleOptions } from '../../database-module.options.js';
import { DatabaseModule } from '../../database.module.js';

const servers = inject('servers');
const { superuser } = servers.postgres;
const { host, port, database } = superuser;
const options: DatabaseModuleOptions = { typeorm: { type: 'postgres', host, port, database }, credentials: dynamicRole('blamed') };

async function failureOf(module: () => Parameters<typeof Test.createTestingModule>[0]['imports']): Promise<unknown> {
  try {
    await Test.createTestingModule({ imports: module() ?? [] }).compile();
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('An error of DatabaseModule blames', () => {
  it.each<[string, string, () => Parameters<typeof Test.createTestingModule>[0]['imports']]>([
    [
      'typeorm.name',
      'typeorm.name',
      () => [
        DatabaseModule.forRoot({
          ...options,
          typeorm: { ...options.typeorm, name: 'orders' } as object as DatabaseModuleOptions['typeorm'],
        }),
      ],
    ],
    [
      'isGlobal that a factory returns',
      'isGlobal',
      () => [DatabaseModule.forRootAsync({ useFactory: () => ({ ...options, isGlobal: false }) })],
    ],
    [
      'an option that does not exist',
      'rotations',
      () => [DatabaseModule.forRootAsync({ useFactory: () => ({ ...options, rotations: {} }) })],
    ],
    ['a VaultModule that is not there', 'credentials', () => [DatabaseModule.forRoot(options)]],
    [
      'a VaultModule that is not global',
      'credentials',
      () => [
        VaultModule.forRoot({ address: servers.openbao.address, auth: token(servers.openbao.token), isGlobal: false }),
        DatabaseModule.forRoot(options),
      ],
    ],
  ])('%s by its name', async (_, setting, imports) => {
    const failure = await failureOf(imports);
    expect(failure).toMatchObject({ code: 'DATABASE_CONFIGURATION_INVALID', setting });
  });

  it.each([
    [
      'typeorm.extra.onConnect',
      { extra: { onConnect: () => Promise.reject(new Error('no search path')) } },
      /onConnect failed.*no search path/,
    ],
    ['typeorm.extra', { extra: { options: '-c no_such_setting=1' } }, /could not be opened \(42704/],
    ['typeorm.extra', { extra: { options: '-c statement_timeout=soon' } }, /typeorm\.extra/],
  ])('%s and not the validation query, where that failed', async (setting, typeorm, message) => {
    await queryPostgres(superuser, 'CREATE ROLE blamed');
    const source = new SqlRoleSource({ admin: superuser, group: 'blamed' });
    const credentials = { name: source.name, connect: () => source };
    const failure: unknown = await DatabaseApplication.start({ servers, credentials, typeorm }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'DATABASE_CONFIGURATION_INVALID', setting, message: expect.stringMatching(message) });
    expect(await source.liveRoles()).toEqual([]);
    await queryPostgres(superuser, 'DROP ROLE blamed');
  });
});
