import { DemoJournal } from './watch/demo-journal.js';
import type { DemoRun } from './demo-run.js';
import type { DemoServers } from './servers/demo-servers.js';
import { firstRecipe } from './programs/first-recipe.js';
import { migrateGrimoire, startGrimoire, type RunningGrimoire } from './programs/grimoire.js';
import type { StageBoard } from './view/stage-board.js';

/** What stands once the first recipe is served. */
export interface DemoScene {
  readonly servers: DemoServers;
  readonly grimoire: RunningGrimoire;
  readonly journal: DemoJournal;
  /** Since the command. */
  readonly firstRecipeMs: number;
}

/** How long a replaced pool may finish what it has begun; the lives of the demo's credentials leave no room for the default 30 s. */
const DRAIN_MS = 2_000;
const STOP_GRACE_MS = 3_000;

/**
 * Runs the migration and starts the application side by side (it reads its table with the first request only), and reads a recipe.
 * @throws ProgramFailedError; no program is left running then
 */
export async function raiseScene(servers: DemoServers, board: StageBoard, { signal, view, nowMs }: DemoRun): Promise<DemoScene> {
  const journal = new DemoJournal();
  let servedAtMs = Number.POSITIVE_INFINITY;
  const env = { ...(await servers.environment()), HOST: '127.0.0.1', PORT: '0', DB_DRAIN_MS: String(DRAIN_MS) };
  const migration = board.run(
    {
      name: 'Migration',
      doing: 'makes tables and recipes, as a role of the owner',
      done: () => 'tables and recipes, made as a role of the owner',
    },
    () => migrateGrimoire({ env, signal }),
  );
  const start = board.run({ name: 'Grimoire', doing: 'logs in by AppRole, opens its pool', done: ({ url }) => url }, () =>
    startGrimoire({
      env,
      signal,
      onLog(line) {
        const event = journal.hear(line, Math.max(0, nowMs() - servedAtMs));
        if (event) view.event(event);
      },
    }),
  );
  await Promise.allSettled([migration, start]);
  const grimoire = await start;
  try {
    await migration;
    await board.run({ name: 'First recipe', doing: 'GET /recipes/1', done: (name) => name }, () => firstRecipe(grimoire.url, signal));
    servedAtMs = nowMs();
    return { servers, grimoire, journal, firstRecipeMs: servedAtMs };
  } catch (error) {
    await grimoire.stop(STOP_GRACE_MS);
    throw error;
  }
}
