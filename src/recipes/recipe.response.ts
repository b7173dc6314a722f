import { ApiProperty } from '@nestjs/swagger';
import type { Recipe } from './recipe.entity.js';

/** A recipe as the API shows it. */
export class RecipeResponse {
  @ApiProperty({ type: 'integer', minimum: 1, example: 1 })
  readonly id: number;

  @ApiProperty({ type: String, example: 'Elixir of Invisibility' })
  readonly name: string;

  @ApiProperty({ type: String, example: 'Moon dust, shadow essence' })
  readonly ingredients: string;

  constructor({ id, name, ingredients }: Recipe) {
    this.id = id;
    this.name = name;
    this.ingredients = ingredients;
  }
}
