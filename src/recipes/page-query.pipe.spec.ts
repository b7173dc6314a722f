import { BadRequestException } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { PageQueryPipe } from './page-query.pipe.js';

describe('PageQueryPipe', () => {
  const pipe = new PageQueryPipe();

  it.each([
    [{}, { page: 1, pageSize: 20 }],
    [{ page: '3' }, { page: 3, pageSize: 20 }],
    [
      { page: '1000000', pageSize: '100' },
      { page: 1_000_000, pageSize: 100 },
    ],
  ])('reads %j as %j', (query, expected) => {
    expect(pipe.transform(query)).toEqual(expected);
  });

  it.each([
    { page: '0' },
    { page: '-1' },
    { page: '1000001' },
    { page: 'two' },
    { page: '' },
    { page: ['1', '2'] },
    { pageSize: '0' },
    { pageSize: '101' },
    { pageSize: '1e1' },
    { pageSize: { $gt: '1' } },
  ])('refuses %j', (query) => {
    expect(() => pipe.transform(query)).toThrow(BadRequestException);
  });
});
