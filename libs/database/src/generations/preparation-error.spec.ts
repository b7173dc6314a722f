import { describe, expect, it } from 'vitest';
import type { DriverAdapter } from '../driver/driver-adapter.js';
import type { FailureKind } from '../driver/failure-kind.js';
import type { PoolSettings } from '../driver/pool-settings.js';
import { preparationError } from './preparation-error.js';

const settings: PoolSettings = {
  product: 'CockroachDB',
  target: 'db:26257/app',
  max: 2,
  acquireTimeoutMs: undefined,
  connectTimeoutMs: 1_000,
  handOff: true,
};
const adapter: DriverAdapter = {
  settings: () => settings,
  openPool: () => expect.unreachable(),
  classify: () => 'other',
  reasonOf: () => 'XX000',
  suggestsLostRole: () => false,
};

describe('the error of a failed preparation', () => {
  it.each<FailureKind>(['login', 'network', 'overload', 'configuration', 'other'])(
    'names the product of the driver at a failure of kind %s',
    (kind) => {
      const { message } = preparationError({ error: new Error('refused'), kind, isOpen: false }, adapter, settings);
      expect(message).toContain('CockroachDB at db:26257/app');
      expect(message).not.toContain('PostgreSQL');
    },
  );
});
