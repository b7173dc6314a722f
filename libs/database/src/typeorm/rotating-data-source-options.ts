import type { DataSourceOptions } from 'typeorm';

type PostgresOptions = Extract<DataSourceOptions, { readonly type: 'postgres' }>;

/** The options of a PostgreSQL data source without those that Vault supplies. */
export type RotatingDataSourceOptions = Omit<PostgresOptions, 'username' | 'password' | 'url' | 'nativeDriver'>;
