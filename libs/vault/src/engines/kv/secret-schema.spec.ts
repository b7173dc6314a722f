import { inspect } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { sealSecret } from '../../support/redaction/seal-secret.js';
import { ManualClock } from '../../testing/manual-clock.js';
import { checkSecret, type SecretSchema } from './secret-schema.js';

const stripe = z.object({ apiKey: z.string().min(8), port: z.coerce.number().default(443), smtp: z.object({ user: z.string() }) });
const good = sealSecret({ apiKey: 'sk_live_12345678', smtp: { user: 'pip' } });

const never: SecretSchema<string> = {
  '~standard': { version: 1, vendor: 'later', validate: () => new Promise<never>(() => undefined) },
};

describe('checkSecret', () => {
  it('gives the value that the schema makes, typed and with its defaults', async () => {
    const value = await checkSecret(good, stripe, { path: 'stripe' });
    expect(value.port.toFixed()).toBe('443');
    expect(value.smtp.user).toBe('pip');
  });

  it('gives a value that shows itself as redacted and cannot be changed', async () => {
    const value = await checkSecret(good, stripe, { path: 'stripe' });
    expect(`${inspect(value)} ${JSON.stringify(value)}`).not.toContain('sk_live');
    expect(() => Object.assign(value.smtp, { user: 'x' })).toThrow(TypeError);
  });

  it('names each field that is wrong, and never a value', async () => {
    const bad = sealSecret({ apiKey: 'short', port: 'sk_live_x', smtp: { user: 12_345 } });
    const error: unknown = await checkSecret(bad, stripe, { path: 'stripe/production' }).catch((failure: unknown) => failure);
    expect(error).toMatchObject({ code: 'VAULT_SECRET_INVALID', fields: ['apiKey', 'port', 'smtp.user'] });
    const shown = inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error);
    for (const value of ['short', 'sk_live_x', '12345']) expect(shown).not.toContain(value);
    expect(shown).toContain('field smtp.user is not a string');
  });

  it('passes nothing on of what a library says about a value', async () => {
    const quoting: SecretSchema<string> = {
      '~standard': { version: 1, vendor: 'quoting', validate: () => ({ issues: [{ message: 'got sk_live_1', path: [{ key: 'a' }] }] }) },
    };
    const throwing: SecretSchema<string> = {
      '~standard': {
        version: 1,
        vendor: 'throwing',
        validate: () => {
          throw new Error('sk_live_1');
        },
      },
    };
    for (const schema of [quoting, throwing]) {
      const error: unknown = await checkSecret({}, schema, { path: 'x' }).catch((failure: unknown) => failure);
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('sk_live');
    }
  });

  it.each<[string, unknown, string[], string]>([
    ['a field of an array', { ports: [443, 'x'] }, ['ports.1'], 'field ports.1 is not a number'],
    ['the secret as a whole', 'only text', [''], 'the secret as a whole is not an object'],
    ['the whole of what is nothing', null, [''], 'the secret as a whole is not an object'],
  ])('names %s', async (_, data, fields, words) => {
    const error: unknown = await checkSecret(data, z.object({ ports: z.array(z.number()) }), { path: 'app' }).catch(
      (failure: unknown) => failure,
    );
    expect(error).toMatchObject({ code: 'VAULT_SECRET_INVALID', fields, message: expect.stringContaining(words) as string });
  });

  it('names the secret as a whole where a library tells no place', async () => {
    const schema: SecretSchema<string> = {
      '~standard': { version: 1, vendor: 'terse', validate: () => ({ issues: [{ message: 'no' }] }) },
    };
    await expect(checkSecret({}, schema, { path: 'app' })).rejects.toMatchObject({ fields: [''] });
  });

  it('gives a schema what it can look into: arrays stay arrays', async () => {
    const value = await checkSecret(sealSecret({ ports: [443, 80] }), z.object({ ports: z.array(z.number()) }), { path: 'app' });
    expect(value.ports).toEqual([443, 80]);
  });

  it('checks the same data once for a schema', async () => {
    const validate = vi.fn<() => { value: string }>(() => ({ value: 'checked' }));
    const schema: SecretSchema<string> = { '~standard': { version: 1, vendor: 'counting', validate } };
    await checkSecret(good, schema, { path: 'x' });
    await checkSecret(good, schema, { path: 'x' });
    expect(validate).toHaveBeenCalledTimes(1);
  });

  describe('when a schema makes what can be changed', () => {
    it.each<[string, SecretSchema, (value: unknown) => unknown, unknown]>([
      [
        'a Date',
        z.object({ when: z.coerce.date() }),
        (value) => (value as { when: Date }).when.setUTCFullYear(1970),
        { when: new Date('2030-01-01T00:00:00Z') },
      ],
      [
        'a Map',
        z.object({ when: z.string() }).transform((fields) => new Map(Object.entries(fields))),
        (value) => (value as Map<string, string>).set('when', 'never'),
        new Map([['when', '2030-01-01T00:00:00Z']]),
      ],
      [
        'a list of Dates',
        z.object({ when: z.coerce.date() }).transform(({ when }) => [when]),
        (value) => (value as Date[])[0]?.setUTCFullYear(1970),
        [new Date('2030-01-01T00:00:00Z')],
      ],
    ])('gives each caller %s of his own', async (_, schema, change, expected) => {
      const data = sealSecret({ when: '2030-01-01T00:00:00Z' });
      const both = await Promise.all([checkSecret(data, schema, { path: 'app' }), checkSecret(data, schema, { path: 'app' })]);
      both.forEach(change);
      const value = await checkSecret(data, schema, { path: 'app' });
      expect(value instanceof Map || Array.isArray(value) ? value : { ...(value as object) }).toEqual(expected);
    });
  });

  it('asks a schema again that failed before', async () => {
    let broken = true;
    const schema: SecretSchema<string> = {
      '~standard': {
        version: 1,
        vendor: 'flaky',
        validate: () => {
          if (broken) throw new Error('not ready');
          return { value: 'checked' };
        },
      },
    };
    const data = sealSecret({ a: '1' });
    await expect(checkSecret(data, schema, { path: 'app' })).rejects.toMatchObject({ code: 'VAULT_SECRET_INVALID' });
    broken = false;
    expect(await checkSecret(data, schema, { path: 'app' })).toBe('checked');
  });

  it('refuses a value that holds itself with a typed error', async () => {
    const schema = z.object({ a: z.string() }).transform((fields) => {
      const made: Record<string, unknown> = { ...fields };
      return Object.assign(made, { self: made });
    });
    await expect(checkSecret(sealSecret({ a: 'sk_live_1' }), schema, { path: 'app' })).rejects.toMatchObject({
      code: 'VAULT_SECRET_INVALID',
      message: expect.stringContaining('holds itself') as string,
    });
  });

  describe('with a schema that answers later', () => {
    it('waits for it no longer than the call may take', async () => {
      const clock = new ManualClock();
      const asked = checkSecret({}, never, { path: 'app', clock, timeoutMs: 500 }).catch((error: unknown) => error);
      await clock.advance(500);
      expect(await asked).toMatchObject({
        code: 'VAULT_SECRET_INVALID',
        message: expect.stringContaining('no verdict within 500 ms') as string,
      });
    });

    it('has a deadline also where the call names none', async () => {
      const clock = new ManualClock();
      const asked = checkSecret({}, never, { path: 'app', clock }).catch((error: unknown) => error);
      await clock.advance(15_000);
      expect(await asked).toMatchObject({ code: 'VAULT_SECRET_INVALID' });
    });

    it('lets a caller leave', async () => {
      const controller = new AbortController();
      const asked = checkSecret({}, never, { path: 'app', signal: controller.signal }).catch((error: unknown) => error);
      controller.abort();
      expect(await asked).toMatchObject({ code: 'VAULT_ABORTED' });
    });
  });
});
