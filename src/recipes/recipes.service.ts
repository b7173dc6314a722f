import { Injectable, NotFoundException } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import type { PageQuery } from './page-query.js';
import { Recipe } from './recipe.entity.js';
import { RecipePageResponse } from './recipe-page.response.js';
import { RecipeResponse } from './recipe.response.js';

/** Reads the book through an ordinary repository: nothing here knows that the credentials beneath it change. */
@Injectable()
export class RecipesService {
  readonly #recipes: Repository<Recipe>;

  constructor(@InjectRepository(Recipe) recipes: Repository<Recipe>) {
    this.#recipes = recipes;
  }

  /** @throws NotFoundException if the book has no such recipe */
  async find(id: number): Promise<RecipeResponse> {
    const recipe = await this.#recipes.findOneBy({ id });
    if (recipe === null) throw new NotFoundException(`There is no recipe ${id}.`);
    return new RecipeResponse(recipe);
  }

  /** A page in the order of ids; empty beyond the last one. */
  async list(query: PageQuery): Promise<RecipePageResponse> {
    const { page, pageSize } = query;
    const [recipes, total] = await this.#recipes.findAndCount({ order: { id: 'ASC' }, skip: (page - 1) * pageSize, take: pageSize });
    return new RecipePageResponse(
      recipes.map((recipe) => new RecipeResponse(recipe)),
      total,
      query,
    );
  }
}
