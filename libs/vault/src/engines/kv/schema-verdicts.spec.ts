import { describe, expect, it, vi } from 'vitest';
import { sealSecret } from '../../support/redaction/seal-secret.js';
import { checkSecret, type SecretSchema } from './secret-schema.js';

type Verdict = ReturnType<SecretSchema['~standard']['validate']>;

const schemaOf = (validate: () => Verdict): SecretSchema => ({ '~standard': { version: 1, vendor: 'spec', validate } });
const failureOf = async (verdict: () => Verdict): Promise<unknown> =>
  checkSecret({}, schemaOf(verdict), { path: 'app' }).catch((error: unknown) => error);
const issue = (field: string, expected?: unknown) => ({ message: 'hunter2', path: [field], expected });

describe('What is said of a secret that its schema refuses', () => {
  it.each<[string, readonly object[], string]>([
    ['the type that was expected', [issue('port', 'number')], 'field port is not a number'],
    [
      'the type, with the article that it takes',
      [issue('a', 'object'), issue('b', 'int')],
      'field a is not an object; field b is not an int',
    ],
    ['no more where something else was expected', [issue('port', 'hunter2')], 'field port is wrong'],
    ['no more where nothing is told', [issue('port')], 'field port is wrong'],
    ['no more where what was expected is no text', [issue('port', { value: 'hunter2' })], 'field port is wrong'],
    [
      'each problem once',
      [issue('port', 'number'), issue('port', 'number'), issue('port')],
      'field port is not a number; field port is wrong',
    ],
  ])('is %s', async (_, issues, words) => {
    expect(await failureOf(() => ({ issues }) as Verdict)).toMatchObject({
      code: 'VAULT_SECRET_INVALID',
      fields: [...new Set(issues.map((each) => (each as { path: string[] }).path[0]))],
      message: `The secret app is not what its schema says: ${words}. Correct the secret in Vault, or the schema.`,
    });
  });

  it.each<[string, () => Verdict]>([
    [
      'throws',
      () => {
        throw new Error('hunter2');
      },
    ],
    ['rejects later', () => Promise.reject(new Error('hunter2'))],
    ['gives nothing', () => undefined as unknown as Verdict],
  ])('is that the schema is wrong where it %s', async (_, verdict) => {
    expect(await failureOf(verdict)).toMatchObject({
      code: 'VAULT_SECRET_INVALID',
      fields: [],
      message: 'The schema for the secret app threw an error. Correct the schema.',
    });
  });
});

describe('A secret that is read again', () => {
  it('is checked once by each of its schemas', async () => {
    const data = sealSecret({ a: 'x' });
    const validates = [1, 2].map((made) => vi.fn<() => Verdict>(() => ({ value: { made } })));
    const schemas = validates.map(schemaOf);
    for (let read = 0; read < 3; read += 1) for (const schema of schemas) await checkSecret(data, schema, { path: 'app' });
    for (const validate of validates) expect(validate).toHaveBeenCalledTimes(1);
  });

  it('is checked each time where the schema makes a function, which may hold a state', async () => {
    const data = sealSecret({ a: 'x' });
    const validate = vi.fn<() => Verdict>(() => ({ value: { next: () => 1 } }));
    const schema = schemaOf(validate);
    for (let read = 0; read < 2; read += 1) await checkSecret(data, schema, { path: 'app' });
    expect(validate).toHaveBeenCalledTimes(2);
  });
});
