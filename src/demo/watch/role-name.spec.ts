import { describe, expect, it } from 'vitest';
import { shortRoleNames } from './role-name.js';

describe('shortRoleNames', () => {
  it.each([
    ['v-approle-grimoire-yN6BE1nhD4i2gjDRVBKF-1795334688', 'yN6BE1nh'],
    ['generation 1 -> 2 as v-approle-grimoire-yN6BE1nhD4i2gjDRVBKF-1795334688, lives 6.0 s', 'generation 1 -> 2 as yN6BE1nh, lives 6.0 s'],
    ['v-root-x', 'v-root-x'],
    ['Token renewed; it lives 20 s.', 'Token renewed; it lives 20 s.'],
  ])('makes %j %j', (text, expected) => expect(shortRoleNames(text)).toBe(expected));
});
