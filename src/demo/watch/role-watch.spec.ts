import { describe, expect, it } from 'vitest';
import { RoleWatch } from './role-watch.js';

function watching(...looks: readonly (readonly string[])[]): RoleWatch {
  const left = [...looks];
  return new RoleWatch(async () => (left.length > 1 ? left.shift()! : left[0]!));
}

describe('RoleWatch', () => {
  it('remembers the most roles there ever were at a time', async () => {
    const roles = watching(['v-1'], ['v-1', 'v-2'], ['v-2']);
    for (let look = 0; look < 3; look += 1) await roles.refresh();
    expect(roles.most).toBe(2);
    expect(roles.roles).toEqual(['v-2']);
  });

  it('looks until there are few enough', async () => {
    expect(await watching(['v-1', 'v-2'], ['v-1', 'v-2'], ['v-2']).settle(1, { timeoutMs: 10_000 })).toBe(1);
  });

  it('gives up when the time is over, or when told to, and says how many there are', async () => {
    expect(await watching(['v-1', 'v-2']).settle(1, { timeoutMs: 0 })).toBe(2);
    expect(await watching(['v-1', 'v-2']).settle(1, { timeoutMs: 10_000, signal: AbortSignal.abort() })).toBe(2);
  });
});
