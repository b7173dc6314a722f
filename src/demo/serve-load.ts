import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DemoRun } from './demo-run.js';
import type { DemoScene } from './demo-scene.js';
import type { DemoSummary } from './demo-summary.js';
import { DemoWatch } from './demo-watch.js';
import { RoleWatch } from './watch/role-watch.js';
import type { StageBoard } from './view/stage-board.js';
import { SteadyLoad } from './load/steady-load.js';

/** An old generation's role is dropped when it has drained, at the latest when its lease ends. */
const DRAIN_TIMEOUT_MS = 15_000;
const EXIT_TIMEOUT_MS = 15_000;
/** A Ctrl-C leaves 5 s for this wait and for all that follows it. */
const INTERRUPTED_EXIT_TIMEOUT_MS = 3_000;
const ROLES_TIMEOUT_MS = 1_000;
const RECIPES = 5;
const REQUESTS_PER_SECOND = 20;

/** Puts a steady load on the application and shows the load, until the time is over or the run is aborted. Then the application ends. */
export async function serveLoad(scene: DemoScene, board: StageBoard, run: DemoRun): Promise<DemoSummary> {
  const { servers, grimoire, journal, firstRecipeMs } = scene;
  const plannedMs = run.seconds === undefined ? undefined : run.seconds * 1_000;
  const roles = new RoleWatch(() => servers.issuedRoles());
  const load = new SteadyLoad({ url: grimoire.url, perSecond: REQUESTS_PER_SECOND, recipes: RECIPES });
  const watch = new DemoWatch({ addresses: { ...servers.addresses, application: grimoire.url }, journal, roles, load, plannedMs });
  load.start();
  await watch.show(run.view, endOf(plannedMs, run.signal, grimoire.ended));
  const loadMs = watch.elapsedMs;
  await load.stop();
  run.view.snapshot(watch.snapshot);
  const { ok, failed, p50Ms, p99Ms } = load.figures;
  const ending = await endScene(scene, { roles, board, signal: run.signal });
  const counts = { rotations: journal.count('rotation'), renewals: journal.count('renewal'), logIns: journal.laterLogIns };
  return {
    loadMs,
    requests: ok + failed,
    failed,
    failures: load.failures,
    p50Ms,
    p99Ms,
    ...counts,
    ...ending,
    rolesAtMost: roles.most,
    firstRecipeMs,
  };
}

async function endOf(plannedMs: number | undefined, signal: AbortSignal, applicationEnded: Promise<unknown>): Promise<void> {
  if (signal.aborted) return;
  const over = new AbortController();
  const aborted = once(signal, 'abort', { signal: over.signal });
  const ends = plannedMs === undefined ? [aborted] : [aborted, sleep(plannedMs, undefined, { signal: over.signal })];
  const settled = ends.map((end) => end.catch(() => undefined));
  await Promise.race([...settled, applicationEnded]);
  over.abort();
}

interface Ending {
  readonly roles: RoleWatch;
  readonly board: StageBoard;
  readonly signal: AbortSignal;
}

type EndingFigures = Pick<DemoSummary, 'rolesAfterDrain' | 'rolesAfterExit' | 'applicationExit' | 'interrupted'>;

async function endScene({ grimoire }: DemoScene, { roles, board, signal }: Ending): Promise<EndingFigures> {
  const interrupted = signal.aborted;
  const drained = interrupted
    ? undefined
    : await board.run({ name: 'Drain', doing: 'waits for the roles of replaced generations to be dropped', done: rolesLeft }, () =>
        roles.settle(1, { timeoutMs: DRAIN_TIMEOUT_MS, signal }),
      );
  const applicationExit = await board.run(
    { name: 'Grimoire', doing: 'SIGTERM: ends its pool, revokes lease and token', done: (how) => `ended with ${how}` },
    () => grimoire.stop(signal.aborted ? INTERRUPTED_EXIT_TIMEOUT_MS : EXIT_TIMEOUT_MS),
  );
  const rolesAfterExit = await roles.settle(0, { timeoutMs: ROLES_TIMEOUT_MS });
  return { rolesAfterDrain: signal.aborted ? undefined : drained, rolesAfterExit, applicationExit, interrupted: signal.aborted };
}

function rolesLeft(count: number): string {
  return `${count} left`;
}
