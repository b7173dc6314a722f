import type { DemoRun } from './demo-run.js';
import { raiseScene } from './demo-scene.js';
import { DemoServers } from './servers/demo-servers.js';
import { demoFaults, demoSummaryLines, type DemoSummary } from './demo-summary.js';
import { serveLoad } from './serve-load.js';
import { StageBoard } from './view/stage-board.js';

/**
 * Starts everything, serves, ends everything and shows a summary. An abort while the demo serves ends the demo in good order. This file
 * decides the order of a run. What is shown is decided in `view`, what is counted in `watch` and `load`.
 * @returns true when all was well
 * @throws whatever stopped the start; nothing is left running then
 */
export async function runDemo(run: DemoRun): Promise<boolean> {
  const { view, signal, nowMs } = run;
  view.lines(['Keyturn demo: real servers, real rotations, no password to type']);
  const newBoard = (): StageBoard => new StageBoard((stages) => view.stages(stages), nowMs);
  const board = newBoard();
  const servers = await DemoServers.start(board, signal);
  let summary: DemoSummary;
  try {
    summary = await serveLoad(await raiseScene(servers, board, run), newBoard(), run);
  } finally {
    await servers.stop();
  }
  view.lines(demoSummaryLines(summary));
  return demoFaults(summary).length === 0;
}
