/**
 * A process of its own that starts the servers and outlives whoever asked for them: when the channel to the parent closes, for any
 * reason, SIGKILL included, it stops every server and removes the scratch folder. Plain JavaScript so that it runs from source and
 * from dist alike. The messages are typed in supervisor-messages.ts.
 *
 * @typedef {import('./supervisor-messages.js').SupervisorRequest} SupervisorRequest
 * @typedef {import('./supervisor-messages.js').SupervisorEvent} SupervisorEvent
 * @typedef {import('./supervisor-messages.js').ProcessPlan} ProcessPlan
 */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const GRACE_MS = 5_000;
const SEGMENT_REMOVER = 'ipcrm';

/** @type {Map<number, { child: import('node:child_process').ChildProcess, plan: ProcessPlan }>} */
const running = new Map();
/** @type {Set<string>} */
const sharedMemoryFiles = new Set();
let stopping = false;

const folder = mkdtempSync(join(tmpdir(), 'keyturn-'));
// PostgreSQL runs as another user when the caller is root and has to reach its data below this folder.
chmodSync(folder, 0o711);

/** @param {SupervisorEvent} event */
function tell(event) {
  if (process.connected) process.send?.(event, () => {});
}

/** @param {number} pid @param {NodeJS.Signals} signal */
function signalGroup(pid, signal) {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch {
    // The process ended in between.
  }
}

/** @param {number} id @param {ProcessPlan} plan */
function start(id, plan) {
  if (plan.sharedMemoryFile) sharedMemoryFiles.add(plan.sharedMemoryFile);
  const child = spawn(plan.command, plan.args, {
    cwd: plan.cwd ?? folder,
    env: plan.env,
    detached: process.platform !== 'win32',
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(plan.uid === undefined ? {} : { uid: plan.uid }),
    ...(plan.gid === undefined ? {} : { gid: plan.gid }),
  });
  running.set(id, { child, plan });
  child.once('spawn', () => tell({ type: 'spawned', id, pid: child.pid ?? 0 }));
  child.once('error', (error) => {
    running.delete(id);
    tell({ type: 'failed', id, reason: error.message });
  });
  child.stdout.setEncoding('utf8').on('data', (text) => tell({ type: 'output', id, text }));
  child.stderr.setEncoding('utf8').on('data', (text) => tell({ type: 'output', id, text }));
  child.once('close', (code, signal) => {
    running.delete(id);
    tell({ type: 'exited', id, code, signal });
    if (stopping && running.size === 0) leave();
  });
}

/**
 * A polite signal is for the server alone: a PostgreSQL backend that has just been forked is still in the group, and SIGINT would
 * cancel its statement.
 * @param {number} id @param {NodeJS.Signals} signal
 */
function deliver(id, signal) {
  const entry = running.get(id);
  if (entry?.child.pid === undefined) return;
  const { controlCommand } = entry.plan;
  if (controlCommand) spawnSync(controlCommand[0], [...controlCommand.slice(1), signal], { stdio: 'ignore' });
  else if (signal === 'SIGINT' || signal === 'SIGTERM') entry.child.kill(signal);
  else signalGroup(entry.child.pid, signal);
}

function leave() {
  for (const { child, plan } of running.values()) {
    if (plan.controlCommand) spawnSync(plan.controlCommand[0], [...plan.controlCommand.slice(1), 'SIGKILL'], { stdio: 'ignore' });
    if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
  }
  for (const file of sharedMemoryFiles) removeSharedMemory(file);
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  // oxlint-disable-next-line unicorn/no-process-exit -- this file is a program of its own; a killed server's open pipe must not hold it
  process.exit(0);
}

/** @param {string} file */
function removeSharedMemory(file) {
  try {
    const segment = readFileSync(file, 'utf8').split('\n')[6]?.trim().split(/\s+/)[1];
    if (segment) spawnSync(SEGMENT_REMOVER, ['-m', segment], { stdio: 'ignore' });
  } catch {
    // The server ended in good order and has removed both.
  }
}

function stopAll() {
  if (stopping) return;
  stopping = true;
  if (running.size === 0) leave();
  for (const [id, { plan }] of running) {
    deliver(id, plan.stopSignal);
    deliver(id, 'SIGCONT');
  }
  setTimeout(leave, GRACE_MS);
}

process.on('message', (/** @type {SupervisorRequest} */ request) => {
  if (request.type === 'spawn' && !stopping) start(request.id, request.plan);
  else if (request.type === 'signal') {
    deliver(request.id, request.signal);
    tell({ type: 'signalled', id: request.id });
  } else if (request.type === 'stop') stopAll();
});
process.on('disconnect', stopAll);
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, stopAll);

tell({ type: 'ready', folder });
