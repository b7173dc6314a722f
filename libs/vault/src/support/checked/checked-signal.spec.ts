import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { checkedSignal } from './checked-signal.js';

describe('The signal of a call', () => {
  it.each<[string, AbortSignal]>([
    ['of a controller', new AbortController().signal],
    ['that is aborted already', AbortSignal.abort()],
    ['of another library, which has the same methods', { aborted: false, addEventListener: () => undefined } as unknown as AbortSignal],
  ])('%s is taken as it is', (_, signal) => expect(checkedSignal(signal)).toBe(signal));

  it.each([undefined, null])('%s is taken for none', (signal) => expect(checkedSignal(signal)).toBeUndefined());

  it.each<[string, unknown]>([
    ['the controller in its place', new AbortController()],
    ['an event target that cannot be aborted', new EventTarget()],
    ['an object that says it is aborted and cannot be heard', { aborted: true }],
    ['an object whose `aborted` is no flag', { aborted: 'no', addEventListener: () => undefined }],
    ['a number', 5],
    ['an object of another realm that is none', runInNewContext('({})')],
  ])('is refused by its name where it is %s', (_, signal) =>
    expect(() => checkedSignal(signal as AbortSignal)).toThrow(
      expect.objectContaining({
        code: 'VAULT_CONFIGURATION_INVALID',
        setting: 'signal',
        sent: false,
        message: '`signal` is no AbortSignal. Of an AbortController give the `signal`.',
      }) as Error,
    ),
  );
});
