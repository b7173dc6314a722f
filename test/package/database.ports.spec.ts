import { RotatingPool, RotationController } from '@keyturn/database';
import { SystemClock } from '@keyturn/vault';
import { describe, expect, it } from 'vitest';
import { MemoryAdapter, OwnDefinition, OwnSource } from './database.ports.js';

describe('the ports of @keyturn/database, written against the package alone', () => {
  it('is the package as it is built', () => expect(import.meta.resolve('@keyturn/database')).toMatch(/libs\/database\/dist\/index\.js$/));

  it.each<[string, () => OwnSource]>([
    ['a credential source', () => new OwnSource()],
    ['the source of a credential definition', () => new OwnDefinition().source],
  ])('rotate a driver adapter on %s', async (_, make) => {
    const source = make();
    const controller = new RotationController({ source, adapter: new MemoryAdapter(), clock: new SystemClock() });
    const pool = new RotatingPool({}, controller.poolContext);
    const usernameInUse = async (): Promise<unknown> => {
      const connection = await pool.connect();
      connection.release();
      return (connection as { readonly username?: string }).username;
    };
    expect(await usernameInUse()).toBe('user1');
    await controller.refreshNow();
    expect(await usernameInUse()).toBe('user2');
    await pool.end();
    await controller.stop();
    expect(source.issued.map(({ isRevoked }) => isRevoked)).toEqual([true, true]);
  });
});
