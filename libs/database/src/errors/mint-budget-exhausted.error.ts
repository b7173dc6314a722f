import { DatabaseError } from './database-error.js';

/** Too many credentials were issued that did not work; no more are asked for until the budget recovers. */
export class MintBudgetExhaustedError extends DatabaseError {
  override readonly code = 'DATABASE_MINT_BUDGET_EXHAUSTED';
}
