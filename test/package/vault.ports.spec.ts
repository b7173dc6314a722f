import { Test, type TestingModule } from '@nestjs/testing';
import { ScheduledJobsClock, SecretValue, VaultModule, VaultService } from '@keyturn/vault';
import { afterEach, describe, expect, it } from 'vitest';
import { AnsweringInterceptor, colour, NamesOnly, OwnAuthMethod, registrations, StandingClock } from './vault.ports.js';

const open: TestingModule[] = [];
afterEach(async () => {
  for (const module of open.splice(0)) await module.close();
});

async function vaultWith(token: string | SecretValue, wire: AnsweringInterceptor): Promise<VaultService> {
  const vault = VaultModule.forRoot({
    address: 'https://vault.invalid',
    auth: new OwnAuthMethod(token),
    interceptors: registrations(wire),
    environment: false,
  });
  const module = await Test.createTestingModule({ imports: [vault] }).compile();
  open.push(module);
  await module.init();
  return module.get(VaultService);
}

describe('the ports of @keyturn/vault, written against the package alone', () => {
  it('is the package as it is built', () => expect(import.meta.resolve('@keyturn/vault')).toMatch(/libs\/vault\/dist\/index\.js$/));

  it.each<[string, string | SecretValue]>([
    ['a plain string', 's.own'],
    ['a SecretValue', new SecretValue('s.own')],
  ])('take the token of an auth method as %s', async (_, token) => {
    const wire = new AnsweringInterceptor();
    const vault = await vaultWith(token, wire);
    expect(vault.session.method).toBe('own');
    await vault.request({ method: 'GET', path: 'sys/mounts' });
    expect(wire.tokens).toEqual(['s.own', 's.own']);
    expect(JSON.stringify(vault.session.state)).not.toContain('s.own');
  });

  it('take the answer of an interceptor', async () => {
    const wire = new AnsweringInterceptor();
    const vault = await vaultWith('s.own', wire);
    const { data } = await vault.request({ method: 'GET', path: 'secret/app' });
    expect((data as { colour: string }).colour).toBe('red');
    expect(wire.paths).toContain('secret/app');
  });

  it('take a schema that comes from no library', () => {
    expect(colour['~standard'].validate({ colour: 'red' })).toEqual({ value: 'red' });
  });

  it('take a registry that lists timers', () => {
    const registry = new NamesOnly();
    const clock = new ScheduledJobsClock('own:');
    clock.attach(registry);
    const cancel = clock.setTimer(() => undefined, 60_000, 'timer');
    expect([...registry.names]).toEqual(['own:timer']);
    cancel();
    expect([...registry.names]).toEqual([]);
  });

  it('take a clock', () => {
    const clock = new StandingClock();
    let fired = 0;
    clock.setTimer(() => (fired += 1), 10);
    clock.advance(9);
    clock.advance(1);
    expect(fired).toBe(1);
  });
});
