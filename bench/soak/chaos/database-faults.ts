import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { isDatabaseError } from '@keyturn/database';
import { brokenConnection, type ChaosContext, type Fault } from './fault.js';

const recoveryMs = 2_000;

const postgresRestarted: Fault = {
  name: 'postgres restarted',
  excuses: brokenConnection,
  async run({ services, application }) {
    await services.postgres.restart();
    const startedAt = performance.now();
    await application.dataSource.query('SELECT 1');
    if (performance.now() - startedAt > recoveryMs) throw new Error(`No query for ${recoveryMs} ms after the restart.`);
  },
};

const longTransaction: Fault = {
  name: 'transaction outlives the drain',
  excuses: [],
  async run({ application }) {
    const runner = application.dataSource.createQueryRunner();
    await runner.connect();
    await runner.startTransaction();
    await runner.query('SELECT 1');
    const sleeping = runner.query('SELECT pg_sleep(30)').then(
      () => undefined,
      (error: unknown) => (error as { driverError?: unknown }).driverError,
    );
    await application.credentials.refreshNow();
    const error = await sleeping;
    await runner.release();
    if (!isDatabaseError(error, 'DATABASE_DRAIN_DEADLINE_EXCEEDED')) throw new Error(`Closed with ${String(error)}.`);
  },
};

const connectionsExhausted: Fault = {
  name: 'max_connections reached',
  excuses: [],
  async run({ services, application }) {
    const clients: pg.Client[] = [];
    try {
      for (;;) {
        const client = new pg.Client({ ...services.postgres.superuser, connectionTimeoutMillis: 5_000 });
        client.on('error', () => undefined);
        const opened = await client.connect().then(
          () => true,
          () => false,
        );
        if (!opened) break;
        clients.push(client);
      }
      const rotation = application.credentials.refreshNow().catch(() => undefined);
      await sleep(1_500);
      await Promise.all(clients.splice(0).map((client) => client.end()));
      await rotation;
    } finally {
      await Promise.all(clients.map((client) => client.end()));
    }
  },
};

const stoppedMidRotation: Fault = {
  name: 'application stopped in the middle of a rotation',
  excuses: [],
  async run(context) {
    const another = await context.startAnother();
    const users = new Set<string>();
    const note = (): unknown => users.add(another.credentials.snapshot().username ?? '');
    note();
    another.credentials.subscribe(note);
    const inFlight = Array.from({ length: 5 }, () => another.dataSource.query('SELECT pg_sleep(0.2)'));
    const rotation = another.credentials.refreshNow().catch(() => undefined);
    await another.context.close();
    await Promise.all(inFlight);
    await rotation;
    await expectGone(context, [...users]);
  },
};

async function expectGone({ services }: ChaosContext, users: readonly string[]): Promise<void> {
  const left = await services.postgres.query('SELECT rolname FROM pg_roles WHERE rolname = ANY($1)', [users]);
  if (left.length > 0) throw new Error(`${left.length} roles are left after the application has stopped.`);
}

export const databaseFaults: readonly Fault[] = [postgresRestarted, longTransaction, connectionsExhausted, stoppedMidRotation];
