import { BadRequestException, Injectable, type PipeTransform } from '@nestjs/common';
import { wholeNumber } from './whole-number.js';

/** The largest value of PostgreSQL's `integer`: a larger id would be an error of the database, not an absent recipe. */
const largestId = 2_147_483_647;

/** Turns the id of the path into a number. Anything that cannot be an id is answered 400. */
@Injectable()
export class RecipeIdPipe implements PipeTransform<unknown, number> {
  transform(value: unknown): number {
    const id = wholeNumber(value, { min: 1, max: largestId });
    if (id === undefined) throw new BadRequestException(`The id of a recipe is a whole number from 1 to ${largestId}.`);
    return id;
  }
}
