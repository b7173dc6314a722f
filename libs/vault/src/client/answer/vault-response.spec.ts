import { describe, expect, it } from 'vitest';
import { answer } from '../interceptors/interceptor.fixture.js';

describe('VaultResponse', () => {
  it.each(['data', 'stale', 'warnings', 'auth'])('keeps its %s from readers who would change it: a cached answer is shared', (field) => {
    const response = answer({ apiKey: 'k' });
    for (const shared of [response, response.withData({ other: true }), response.asStale()])
      expect(() => Object.assign(shared, { [field]: 'poison' })).toThrow(TypeError);
  });
});
