import type { MigrationInterface, QueryRunner } from 'typeorm';
import { sampleRecipes } from '../sample-recipes.js';

/** The table of recipes and what a new book begins with. TypeORM orders migrations by the number in their name. */
export class CreateRecipes1760000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'CREATE TABLE recipes (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, ingredients text NOT NULL)',
    );
    for (const { name, ingredients } of sampleRecipes) {
      await queryRunner.query('INSERT INTO recipes (name, ingredients) VALUES ($1, $2)', [name, ingredients]);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE recipes');
  }
}
