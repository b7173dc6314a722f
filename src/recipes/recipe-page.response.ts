import { ApiProperty } from '@nestjs/swagger';
import type { PageQuery } from './page-query.js';
import { RecipeResponse } from './recipe.response.js';

/** One page of the book and where it stands. */
export class RecipePageResponse {
  @ApiProperty({ type: RecipeResponse, isArray: true })
  readonly items: readonly RecipeResponse[];

  @ApiProperty({ type: 'integer', minimum: 1 })
  readonly page: number;

  @ApiProperty({ type: 'integer', minimum: 1 })
  readonly pageSize: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Recipes in the whole book' })
  readonly total: number;

  constructor(items: readonly RecipeResponse[], total: number, { page, pageSize }: PageQuery) {
    this.items = items;
    this.total = total;
    this.page = page;
    this.pageSize = pageSize;
  }
}
