import { ConsoleLogger, Logger } from '@nestjs/common';
import { appRoleStatements, OpenBaoAdmin, queryPostgres } from '@keyturn/dev-services';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { dynamicRole } from '../credentials/roles/dynamic-role.js';
import { DatabaseApplication } from './database-application.fixture.js';

const servers = inject('servers');
const admin = servers.postgres.superuser;

beforeAll(async () => {
  await queryPostgres(admin, 'CREATE ROLE listeners_app');
  await new OpenBaoAdmin(servers.openbao, servers.postgres.vault).provision({
    database: {
      mount: 'listenersdb',
      dynamicRoles: { app: { creation_statements: appRoleStatements({ role: 'listeners_app' }), default_ttl: '1h' } },
    },
  });
});
afterAll(async () => {
  Logger.overrideLogger(new ConsoleLogger());
  await queryPostgres(admin, 'DROP ROLE listeners_app');
});

it('a listener that throws is logged without what it threw, and the rotation goes on', async () => {
  await using application = await DatabaseApplication.start({
    servers,
    credentials: dynamicRole('app', { mountPoint: 'listenersdb' }),
  });
  const lines: string[] = [];
  const write = (message: unknown): void => void lines.push(String(message));
  Logger.overrideLogger({ log: write, warn: write, error: write });
  application.credentials.subscribe(() => {
    throw new Error('hunter2');
  });
  await application.credentials.refreshNow();
  expect(application.credentials.generation).toBe(2);
  expect(lines).toContain('A listener of a database event threw an error.');
  expect(lines.join('\n')).not.toContain('hunter2');
});
