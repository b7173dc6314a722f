import { BadRequestException } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { RecipeIdPipe } from './recipe-id.pipe.js';

describe('RecipeIdPipe', () => {
  const pipe = new RecipeIdPipe();

  it.each([
    ['1', 1],
    ['42', 42],
    ['2147483647', 2_147_483_647],
  ])('takes %j', (text, id) => {
    expect(pipe.transform(text)).toBe(id);
  });

  it.each(['', '0', '-1', '+1', '01', '1.0', '1e3', '1e99', '0x10', ' 1', '1 ', 'one', 'NaN', '2147483648', '9'.repeat(400), '١'])(
    'refuses %j',
    (text) => {
      expect(() => pipe.transform(text)).toThrow(BadRequestException);
    },
  );

  it('refuses what is no text', () => {
    expect(() => pipe.transform(['1'])).toThrow(BadRequestException);
    expect(() => pipe.transform(undefined)).toThrow(BadRequestException);
  });
});
