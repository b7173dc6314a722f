import type { BenchPool } from './checkout-pools.js';

export interface CheckoutLoad {
  /** Callers at a time, each of which takes a connection as soon as it has given one back. */
  readonly callers: number;
  /** Whether each runs a statement on its connection. */
  readonly isQuery: boolean;
}

interface QueryableClient {
  query(text: string, values: undefined, callback: () => void): void;
}

/** Takes and gives back connections until `count` have been, as TypeORM does: with callbacks. */
export function runCheckouts(pool: BenchPool, { callers, isQuery }: CheckoutLoad, count: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let begun = 0;
    let running = callers;
    const caller = (): void => {
      if (begun >= count) {
        running -= 1;
        if (running === 0) resolve();
        return;
      }
      begun += 1;
      pool.connect((error, client, release) => {
        if (error) return reject(error);
        const finish = (): void => {
          release();
          caller();
        };
        if (isQuery) (client as QueryableClient).query('SELECT 1', undefined, finish);
        else finish();
      });
    };
    for (let index = 0; index < callers; index += 1) caller();
  });
}
