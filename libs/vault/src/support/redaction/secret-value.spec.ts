import { format, inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { redactedObject } from './redacted.js';
import { SecretValue } from './secret-value.js';

describe.each<[string, unknown]>([
  ['SecretValue', new SecretValue('s.very-secret')],
  ['redactedObject', redactedObject({ password: 's.very-secret' })],
])('%s', (_, secret) => {
  it.each<[string, (value: unknown) => string]>([
    ['inspect', (value) => inspect({ value }, { depth: 9, showHidden: true })],
    ['format', (value) => format('%s %j %o', value, value, value)],
    ['JSON', (value) => JSON.stringify([value])],
    ['a template string', (value) => `<${value as string}>`],
    ['String', (value) => String(value)],
    ['toString', (value) => (value as SecretValue).toString()],
    ['concatenation', (value) => 'x' + (value as string)],
  ])('shows [redacted] in %s', (__, show) => {
    expect(show(secret)).toContain('[redacted]');
    expect(show(secret)).not.toContain('very-secret');
  });
});

describe('SecretValue', () => {
  it('gives its value to who asks for it', () => expect(new SecretValue('s.very-secret').reveal()).toBe('s.very-secret'));
});
