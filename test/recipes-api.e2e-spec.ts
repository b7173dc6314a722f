import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GrimoireServices, type RunningGrimoire } from './support/grimoire-services.js';

let grimoire: GrimoireServices;
let app: RunningGrimoire;
beforeAll(async () => {
  grimoire = await GrimoireServices.start({ postgres: { faults: true } });
  app = await grimoire.launch({ DB_CONNECT_TIMEOUT_MS: '1000' });
});
afterAll(() => grimoire?.stop());

const elixir = { id: 1, name: 'Elixir of Invisibility', ingredients: 'Moon dust, shadow essence' };
const get = (path: string): Promise<Response> => fetch(new URL(path, app.url));
const answerOf = async (path: string): Promise<[status: number, body: unknown]> => {
  const response = await get(path);
  return [response.status, await response.json()];
};

describe('GET /recipes/:id', () => {
  it.each(['/recipes/1', '/get-recipe/1'])('answers %s with the recipe', async (path) => {
    expect(await answerOf(path)).toEqual([200, elixir]);
  });

  it('answers 404 for a recipe that the book does not have', async () => {
    expect(await answerOf('/recipes/2147483647')).toEqual([404, expect.objectContaining({ statusCode: 404 })]);
  });

  it.each(['one', '0', '-1', '1e99', '2147483648', '1.5', '%00', "1'%20OR%20'1'='1", '%E0%A4%A'])('answers 400 for %s', async (id) => {
    expect(await answerOf(`/recipes/${id}`)).toEqual([400, expect.objectContaining({ statusCode: 400 })]);
  });
});

describe('GET /recipes', () => {
  it('answers a page of the book', async () => {
    const [status, body] = await answerOf('/recipes?page=2&pageSize=2');
    expect([status, body]).toEqual([
      200,
      { items: [expect.objectContaining({ id: 3 }), expect.objectContaining({ id: 4 })], page: 2, pageSize: 2, total: 5 },
    ]);
  });

  it('answers the first twenty when nothing is asked for', async () => {
    expect(await answerOf('/recipes')).toEqual([200, expect.objectContaining({ page: 1, pageSize: 20, total: 5 })]);
  });

  it('answers an empty page beyond the last', async () => {
    expect(await answerOf('/recipes?page=1000000&pageSize=100')).toEqual([200, expect.objectContaining({ items: [], total: 5 })]);
  });

  it.each(['page=0', 'pageSize=101', 'page=x', 'page=1&page=2'])('answers 400 for ?%s', async (query) => {
    expect((await answerOf(`/recipes?${query}`))[0]).toBe(400);
  });
});

describe('GET /health', () => {
  it('answers the state of token, leases and database', async () => {
    const [status, body] = await answerOf('/health');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'ok',
      details: {
        vault: { status: 'up', state: 'authenticated', sealed: false },
        leases: { status: 'up', count: 1 },
        database: { status: 'up' },
      },
    });
  });

  it('answers that the process lives', async () => {
    expect(await answerOf('/health/live')).toEqual([200, { status: 'ok' }]);
  });
});

describe('the API page', () => {
  it('describes every path', async () => {
    expect((await get('/docs')).headers.get('content-type')).toContain('text/html');
    const [, document] = await answerOf('/docs-json');
    expect(Object.keys((document as { paths: object }).paths).toSorted()).toEqual([
      '/get-recipe/{id}',
      '/health',
      '/health/live',
      '/recipes',
      '/recipes/{id}',
    ]);
  });
});

describe('when the database goes away', () => {
  it('answers 503 with Retry-After and nothing of the inside, and serves again when it is back', async () => {
    await grimoire.services.faults.postgres.reset();
    const response = await get('/recipes/1');
    expect(response.status).toBe(503);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await response.text()).not.toMatch(/ECONN|pool|postgres|stack|\bv-/i);
    await grimoire.services.faults.heal();
    await expect.poll(async () => (await get('/recipes/1')).status, { timeout: 20_000 }).toBe(200);
  });

  it('answers 500 that says nothing of the inside when the schema is broken', async () => {
    await grimoire.services.postgres.query('ALTER TABLE recipes RENAME COLUMN ingredients TO contents');
    expect(await answerOf('/recipes/1')).toEqual([
      500,
      { statusCode: 500, error: 'Internal Server Error', message: 'Internal Server Error' },
    ]);
    await grimoire.services.postgres.query('ALTER TABLE recipes RENAME COLUMN contents TO ingredients');
    expect(await answerOf('/recipes/1')).toEqual([200, elixir]);
  });
});

describe('the roles', () => {
  it('let nobody but the owner change the schema', async () => {
    const [row] = await grimoire.services.postgres.query("SELECT tableowner FROM pg_tables WHERE tablename = 'recipes'");
    expect(row).toEqual({ tableowner: 'grimoire_owner' });
    const [may] = await grimoire.services.postgres.query(
      "SELECT has_schema_privilege('grimoire_reader', 'public', 'CREATE') AS \"create\", has_table_privilege('grimoire_reader', 'recipes', 'INSERT') AS \"insert\"",
    );
    expect(may).toEqual({ create: false, insert: false });
  });

  it('leave no user of the migration behind', async () => {
    expect(await grimoire.leases('grimoire-owner')).toEqual([]);
    expect(await grimoire.mintedUsers()).toHaveLength(1);
  });
});

describe('a second migration', () => {
  it('finds the schema up to date', async () => {
    const program = grimoire.run('migrate.js', await grimoire.environment('grimoire-migrations'));
    expect(await program.exited).toEqual({ code: 0, signal: null });
    expect(program.lines.map(({ message }) => message)).toContain('The schema is up to date.');
  });
});

describe('the output', () => {
  it('holds no secret', () => {
    expect(grimoire.ledger.size).toBeGreaterThan(8);
    expect(grimoire.leaks()).toEqual([]);
  });
});
