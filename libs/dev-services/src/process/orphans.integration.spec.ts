import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { ServicesReport } from './services-child.fixture.js';

/** A fresh Node process cannot read TypeScript by itself: Vite loads the fixture there. */
const PROGRAM = `
import { runnerImport } from 'vite';
const { module } = await runnerImport(${JSON.stringify(fileURLToPath(new URL('./services-child.fixture.ts', import.meta.url)))}, { configFile: false });
await module.startAndReport();
`;

describe('services whose process ends without stopping them', () => {
  it.each(['SIGKILL', 'SIGINT', 'SIGTERM'] as const)('leave no process and no folder after %s', async (signal) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM], { stdio: ['ignore', 'pipe', 'inherit'] });
    const report = await readReport(child);
    const folder = dirname(dirname(report.folder));
    const pids = [report.openbaoPid, report.postgresPid];
    expect(pids.map(isRunning)).toEqual([true, true]);
    expect(existsSync(folder)).toBe(true);

    child.kill(signal);
    await once(child, 'exit');

    await expect.poll(() => [...pids.map(isRunning), existsSync(folder)], { timeout: 15_000 }).toEqual([false, false, false]);
  });
});

async function readReport(child: ChildProcess): Promise<ServicesReport> {
  if (!child.stdout) throw new TypeError('The child has no output to read.');
  for await (const line of createInterface({ input: child.stdout })) {
    const report: ServicesReport = JSON.parse(line);
    return report;
  }
  throw new Error('The child ended without a report.');
}

function isRunning(pid: number | undefined): boolean {
  if (pid === undefined) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
