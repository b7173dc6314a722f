import { BadRequestException, Injectable, type PipeTransform } from '@nestjs/common';
import type { PageQuery } from './page-query.js';
import { wholeNumber } from './whole-number.js';

const defaultPageSize = 20;
const largestPageSize = 100;
const largestPage = 1_000_000;

/** Reads `page` (default 1) and `pageSize` (default 20, at most 100) of the query. Anything else is answered 400. */
@Injectable()
export class PageQueryPipe implements PipeTransform<Readonly<Record<string, unknown>>, PageQuery> {
  transform({ page = '1', pageSize = String(defaultPageSize) }: Readonly<Record<string, unknown>>): PageQuery {
    return { page: bounded('page', page, largestPage), pageSize: bounded('pageSize', pageSize, largestPageSize) };
  }
}

function bounded(name: string, value: unknown, max: number): number {
  const number = wholeNumber(value, { min: 1, max });
  if (number === undefined) throw new BadRequestException(`${name} is a whole number from 1 to ${max}.`);
  return number;
}
