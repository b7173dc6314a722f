import { inspect } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { sealSecret } from '../../support/seal-secret.js';
import { checkSecret, type SecretSchema } from './secret-schema.js';

const stripe = z.object({ apiKey: z.string().min(8), port: z.coerce.number().default(443), smtp: z.object({ user: z.string() }) });
const good = sealSecret({ apiKey: 'sk_live_12345678', smtp: { user: 'pip' } });

describe('checkSecret', () => {
  it('gives the value that the schema makes, typed and with its defaults', async () => {
    const value = await checkSecret(good, stripe, 'stripe');
    expect(value.port.toFixed()).toBe('443');
    expect(value.smtp.user).toBe('pip');
  });

  it('gives a value that shows itself as redacted and cannot be changed', async () => {
    const value = await checkSecret(good, stripe, 'stripe');
    expect(`${inspect(value)} ${JSON.stringify(value)}`).not.toContain('sk_live');
    expect(() => Object.assign(value.smtp, { user: 'x' })).toThrow(TypeError);
  });

  it('names each field that is wrong, and never a value', async () => {
    const bad = sealSecret({ apiKey: 'short', port: 'sk_live_x', smtp: { user: 12_345 } });
    const error: unknown = await checkSecret(bad, stripe, 'stripe/production').catch((failure: unknown) => failure);
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
      const error: unknown = await checkSecret({}, schema, 'x').catch((failure: unknown) => failure);
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('sk_live');
    }
  });

  it.each<[string, unknown, string[], string]>([
    ['a field of an array', { ports: [443, 'x'] }, ['ports.1'], 'field ports.1 is not a number'],
    ['the secret as a whole', 'only text', [''], 'the secret as a whole is not an object'],
    ['the whole of what is nothing', null, [''], 'the secret as a whole is not an object'],
  ])('names %s', async (_, data, fields, words) => {
    const error: unknown = await checkSecret(data, z.object({ ports: z.array(z.number()) }), 'app').catch((failure: unknown) => failure);
    expect(error).toMatchObject({ code: 'VAULT_SECRET_INVALID', fields, message: expect.stringContaining(words) as string });
  });

  it('names the secret as a whole where a library tells no place', async () => {
    const schema: SecretSchema<string> = {
      '~standard': { version: 1, vendor: 'terse', validate: () => ({ issues: [{ message: 'no' }] }) },
    };
    await expect(checkSecret({}, schema, 'app')).rejects.toMatchObject({ fields: [''] });
  });

  it('gives a schema what it can look into: arrays stay arrays', async () => {
    const value = await checkSecret(sealSecret({ ports: [443, 80] }), z.object({ ports: z.array(z.number()) }), 'app');
    expect(value.ports).toEqual([443, 80]);
  });

  it('checks the same data once for a schema', async () => {
    const validate = vi.fn<() => { value: string }>(() => ({ value: 'checked' }));
    const schema: SecretSchema<string> = { '~standard': { version: 1, vendor: 'counting', validate } };
    await checkSecret(good, schema, 'x');
    await checkSecret(good, schema, 'x');
    expect(validate).toHaveBeenCalledTimes(1);
  });
});
