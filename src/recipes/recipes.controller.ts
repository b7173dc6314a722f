import { Controller, Get, Param, Query } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiQuery,
  ApiServiceUnavailableResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { PageQuery } from './page-query.js';
import { PageQueryPipe } from './page-query.pipe.js';
import { RecipeIdPipe } from './recipe-id.pipe.js';
import { RecipePageResponse } from './recipe-page.response.js';
import { RecipeResponse } from './recipe.response.js';
import { RecipesService } from './recipes.service.js';

/** The recipes over HTTP. */
@ApiTags('recipes')
@ApiBadRequestResponse({ description: 'An id or a page that cannot exist' })
@ApiServiceUnavailableResponse({ description: 'The database cannot be reached; Retry-After says when to come back' })
@Controller()
export class RecipesController {
  readonly #recipes: RecipesService;

  constructor(recipes: RecipesService) {
    this.#recipes = recipes;
  }

  @Get('recipes')
  @ApiOperation({ summary: 'A page of the book' })
  @ApiQuery({ name: 'page', required: false, schema: { type: 'integer', minimum: 1, default: 1 } })
  @ApiQuery({ name: 'pageSize', required: false, schema: { type: 'integer', minimum: 1, maximum: 100, default: 20 } })
  @ApiOkResponse({ type: RecipePageResponse })
  list(@Query(PageQueryPipe) query: PageQuery): Promise<RecipePageResponse> {
    return this.#recipes.list(query);
  }

  @Get('recipes/:id')
  @ApiOperation({ summary: 'One recipe' })
  @ApiParam({ name: 'id', schema: { type: 'integer', minimum: 1 } })
  @ApiOkResponse({ type: RecipeResponse })
  @ApiNotFoundResponse({ description: 'No such recipe' })
  find(@Param('id', RecipeIdPipe) id: number): Promise<RecipeResponse> {
    return this.#recipes.find(id);
  }

  @Get('get-recipe/:id')
  @ApiOperation({ summary: 'One recipe, at its older address', deprecated: true })
  @ApiParam({ name: 'id', schema: { type: 'integer', minimum: 1 } })
  @ApiOkResponse({ type: RecipeResponse })
  @ApiNotFoundResponse({ description: 'No such recipe' })
  findAtOlderAddress(@Param('id', RecipeIdPipe) id: number): Promise<RecipeResponse> {
    return this.#recipes.find(id);
  }
}
