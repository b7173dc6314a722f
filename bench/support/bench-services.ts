import { appRoleStatements, DevServices, dropRoleStatements, type DevServicesOptions } from '@keyturn/dev-services';

/** Group role that every user made by OpenBao acts as. */
export const benchGroup = 'bench_app';
const statements = { creation_statements: appRoleStatements({ role: benchGroup }), revocation_statements: dropRoleStatements } as const;
/** User with a fixed password, for comparison with plain TypeORM. */
export const plainUser = { username: 'bench_plain', password: 'bench-plain-password' } as const;

export interface BenchServicesOptions {
  /** Of the users that OpenBao makes, such as `1h`. */
  readonly ttl: string;
  readonly maxTtl?: string;
  readonly maxConnections?: number;
  readonly openbao?: DevServicesOptions['openbao'];
  readonly postgresFaults?: boolean;
}

/** A real OpenBao and PostgreSQL with dynamic roles `bench` and `bench-short`, a static role `bench-static` and a table with rows. */
export function startBenchServices({ ttl, maxTtl = ttl, ...options }: BenchServicesOptions): Promise<DevServices> {
  return DevServices.start({
    openbao: {
      ...(typeof options.openbao === 'object' ? options.openbao : {}),
      approle: { bench: { token_ttl: '1h' } },
      database: {
        dynamicRoles: {
          bench: { ...statements, default_ttl: ttl, max_ttl: maxTtl },
          'bench-short': { ...statements, default_ttl: '2s', max_ttl: '2s' },
        },
        staticRoles: { 'bench-static': { username: 'bench_static', rotation_period: '24h' } },
      },
    },
    postgres: {
      settings: { max_connections: options.maxConnections ?? 100 },
      faults: options.postgresFaults ?? false,
      setup: [
        `CREATE ROLE ${benchGroup}`,
        `CREATE ROLE bench_static LOGIN IN ROLE ${benchGroup}`,
        `CREATE ROLE ${plainUser.username} LOGIN PASSWORD '${plainUser.password}' IN ROLE ${benchGroup}`,
        'CREATE TABLE bench_item (id serial PRIMARY KEY, name text NOT NULL, hits int NOT NULL DEFAULT 0)',
        `INSERT INTO bench_item (name) SELECT 'item ' || n FROM generate_series(1, 1000) n`,
        `GRANT ALL ON bench_item, bench_item_id_seq TO ${benchGroup}`,
      ],
    },
  });
}
