import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { DatabaseCredential } from './database-credential.js';

const credential = new DatabaseCredential({
  username: 'v-app',
  password: 'pa55word',
  clientCertificate: { certificate: 'pem', privateKey: 'k3y' },
});

describe('DatabaseCredential', () => {
  it.each([
    ['inspect', inspect(credential, { showHidden: true, depth: 9 })],
    ['JSON', JSON.stringify({ credential })],
    ['a template', `log in as ${String(credential)}`],
    ['a copy of its fields', JSON.stringify(Object.assign({}, credential))],
  ])('shows its user name and no secret in %s', (_, shown) => {
    expect(shown).toContain('v-app');
    expect(shown).not.toMatch(/pa55word|k3y/);
  });

  it('equals one with the same login and no other', () => {
    const same = { username: 'v-app', password: 'pa55word', clientCertificate: { certificate: 'pem', privateKey: 'k3y' } };
    expect(credential.equals(new DatabaseCredential(same))).toBe(true);
    expect(credential.equals(new DatabaseCredential({ ...same, password: 'other' }))).toBe(false);
  });
});
