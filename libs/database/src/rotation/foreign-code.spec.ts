import { describe, expect, it } from 'vitest';
import type { DriverAdapter } from '../driver/driver-adapter.js';
import { RotationController } from './rotation-controller.js';
import { pool, Stage, type PlayedCredential } from './rotation-stage.fixture.js';

const hung = new Promise<never>(() => undefined);

async function started(): Promise<Stage> {
  const stage = new Stage();
  await stage.controller.admit(pool);
  return stage;
}

const rotations = (stage: Stage): number => stage.events.filter(({ type }) => type === 'credentialsRotated').length;

describe('A source of credentials that hangs', () => {
  it('while it issues some ends that try, and not the next one', async () => {
    const stage = await started();
    stage.beforeIssue = () => hung;
    const refreshed = stage.controller.refreshNow().catch((error: unknown) => error);
    await stage.clock.advance(0);
    await stage.clock.advance(59_000);
    expect(stage.events.filter(({ type }) => type === 'rotationFailed')).toEqual([]);
    stage.beforeIssue = () => Promise.resolve();
    await stage.clock.advance(5_000);
    expect(await refreshed).toMatchObject({ code: 'DATABASE_CREDENTIALS_UNAVAILABLE', setting: 'rotation.sourceTimeoutMs' });
    expect(stage.controller.snapshot()).toMatchObject({ generation: 2, rotations: 1, failures: 1 });
  });

  it('is told so by its signal, and what it issues too late is revoked', async () => {
    const stage = await started();
    let answer!: () => void;
    let signal!: AbortSignal;
    stage.beforeIssue = (given) => {
      signal = given;
      return new Promise((resolve) => (answer = resolve));
    };
    const refreshed = stage.controller.refreshNow().catch((error: unknown) => error);
    await stage.clock.advance(0);
    stage.beforeIssue = () => Promise.resolve();
    await stage.clock.advance(59_000);
    expect(signal.aborted).toBe(false);
    await stage.clock.advance(5_000);
    await refreshed;
    expect(signal.aborted).toBe(true);
    answer();
    await stage.clock.advance(0);
    expect(stage.issued).toHaveLength(3);
    expect(stage.issued.map(({ revocations }) => revocations)).toEqual([1, 0, 1]);
    expect(stage.controller.snapshot()).toMatchObject({ generation: 2, username: 'u2' });
  });

  it('each time is asked no more often than the budget for roles allows', async () => {
    const stage = await started();
    stage.beforeIssue = () => hung;
    void stage.controller.refreshNow().catch(() => undefined);
    await stage.clock.advance(0);
    await stage.clock.advance(600_000);
    expect(stage.askedAtMs.length).toBeLessThanOrEqual(1 + 10);
    expect(stage.askedAtMs.length).toBeGreaterThan(5);
  });

  it.each<[string, (issued: PlayedCredential) => void]>([
    ['while it shortens the life of replaced ones', (issued) => (issued.shorten = () => hung)],
    ['while it revokes replaced ones', (issued) => (issued.onRevoke = () => hung)],
  ])('%s is asked again, and does not hold up the next rotation', async (_, hang) => {
    const stage = await started();
    const [old] = stage.issued;
    hang(old!);
    await stage.controller.refreshNow();
    await stage.controller.refreshNow();
    expect(rotations(stage)).toBe(2);
    await stage.clock.advance(0);
    old!.onRevoke = old!.revocations === 0 ? old!.onRevoke : () => Promise.resolve();
    await stage.clock.advance(70_000);
    expect(old!.revocations).toBeGreaterThan(0);
    expect(stage.events).toContainEqual({ type: 'credentialsRevoked', generation: 1 });
  });

  it('while it revokes ones that did not prove themselves does not hold up the next try', async () => {
    const stage = await started();
    let isRefused = true;
    const refusing = { ...pool, prepare: () => (isRefused ? Promise.reject(new Error('no')) : pool.prepare({} as never, {} as never)) };
    const admitted = stage.controller.admit({
      ...pool,
      prepare: (...given) => (stage.issued.length > 1 ? refusing.prepare() : pool.prepare(...given)),
    });
    await admitted;
    stage.spoil = (issued) => (issued.onRevoke = () => hung);
    const refreshed = stage.controller.refreshNow().catch((error: unknown) => error);
    await stage.clock.advance(0);
    await stage.clock.advance(5_000);
    expect(await refreshed).toMatchObject({ message: 'no' });
    isRefused = false;
    await stage.clock.advance(5_000);
    expect(rotations(stage)).toBe(1);
  });
});

describe('A driver that never says that it has closed its connections', () => {
  it('does not keep replaced credentials alive', async () => {
    const stage = new Stage();
    const drain = { done: hung, setDeadline: () => undefined };
    await stage.controller.admit({ ...pool, prepare: () => Promise.resolve({ commit: () => drain, abort: () => undefined }) });
    await stage.controller.refreshNow();
    await stage.clock.advance(0);
    await stage.clock.advance(61_000);
    expect(stage.events).toContainEqual({ type: 'credentialsRevoked', generation: 1 });
  });
});

describe('What a source of credentials gives', () => {
  const dayMs = 86_400_000;
  it.each<[string, (issued: Record<string, unknown>) => void]>([
    ['expiresAtMs', (issued) => (issued['expiresAtMs'] = Number.POSITIVE_INFINITY)],
    ['expiresAtMs', (issued) => (issued['expiresAtMs'] = Number.NaN)],
    ['expiresAtMs', (issued) => (issued['expiresAtMs'] = '3600000')],
    ['expiresAtMs', (issued) => (issued['expiresAtMs'] = undefined)],
    ['expiresAtMs', (issued) => (issued['expiresAtMs'] = Date.now() + dayMs)],
    ['expiresAtMs', (issued) => (issued['expiresAtMs'] = -1)],
    ['issuedAtMs', (issued) => (issued['issuedAtMs'] = new Date())],
    ['issuedAtMs', (issued) => (issued['issuedAtMs'] = Number.NaN)],
    ['atExpiry', (issued) => (issued['atExpiry'] = 'never')],
    ['extendable', (issued) => (issued['extendable'] = 'no')],
    ['credential.username', (issued) => (issued['credential'] = {})],
    ['credential.username', (issued) => (issued['credential'] = undefined)],
    ['shorten', (issued) => (issued['shorten'] = undefined)],
  ])('is refused by the name of the field, and revoked: %s', async (field, spoil) => {
    const stage = await started();
    stage.spoil = (issued) => spoil(issued as unknown as Record<string, unknown>);
    const error: unknown = await stage.controller.refreshNow().catch((failure: unknown) => failure);
    expect(error).toMatchObject({
      code: 'DATABASE_CREDENTIALS_INVALID',
      setting: 'credentials',
      message: expect.stringContaining(`${field} of`) as string,
    });
    expect(stage.issued.map(({ revocations }) => revocations)).toEqual([0, 1]);
    expect(stage.controller.snapshot()).toMatchObject({ generation: 1, state: 'serving' });
    // What means nothing was issued all the same.
    await stage.clock.advance(50_000);
    expect(stage.issued.length).toBeLessThanOrEqual(1 + 3);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 'soon', undefined, null])('later, and is no time, is not taken: %s', async (value) => {
    const stage = await started();
    const before = stage.controller.snapshot();
    const issued = stage.issued[0] as unknown as { expiresAtMs: unknown; issuedAtMs: unknown };
    issued.expiresAtMs = value;
    issued.issuedAtMs = value;
    stage.issued[0]!.announce({ type: 'changed' });
    expect(stage.controller.snapshot()).toEqual(before);
    await stage.clock.advance(1_000);
    expect(stage.askedAtMs).toHaveLength(1);
  });

  it.each([
    ['name', { name: '', mints: true, issue: () => hung }],
    ['mints', { name: 'mine', issue: () => hung }],
    ['issue', { name: 'mine', mints: false }],
  ])('itself must be complete: %s', (field, source) => {
    const build = (): RotationController => new RotationController({ source: source as never, adapter: {} as DriverAdapter });
    expect(build).toThrow(
      expect.objectContaining({ code: 'DATABASE_CONFIGURATION_INVALID', message: expect.stringContaining(field) as string }) as Error,
    );
  });
});

describe('A time-out of the shutdown that is no number', () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1, '10', null])('is refused, and the next call shuts down: %s', async (value) => {
    const stage = await started();
    const refusal: unknown = expect.objectContaining({ code: 'DATABASE_CONFIGURATION_INVALID', setting: 'timeoutMs' });
    await expect(stage.controller.quiesce(value as number)).rejects.toEqual(refusal);
    await expect(stage.controller.stop(value as number)).rejects.toEqual(refusal);
    await stage.controller.stop();
    expect(stage.issued.map(({ revocations }) => revocations)).toEqual([1]);
  });
});

describe('A chance that is no number', () => {
  it.each([Number.NaN, -1, 2, 'x'])('is taken as none: %s', async (value) => {
    const stage = new Stage({ random: () => value as number });
    await stage.controller.admit(pool);
    await stage.clock.advance(490_000);
    expect(stage.askedAtMs).toEqual([0, 480_000]);
  });
});
