import { SecretValue, VaultUnreachableError } from '@keyturn/vault';
import { nextGenerationState, type GenerationState, type GenerationStep } from '../../libs/database/src/generations/generation-state.js';
import type { CredentialInUse } from '../../libs/database/src/lifetime/credential-in-use.js';
import { nextRotationState, type RotationState, type RotationStep } from '../../libs/database/src/lifetime/rotation-state.js';
import { nextPlan, noPlan, type PlanStep, type ReplacementPlan } from '../../libs/database/src/lifetime/schedule/replacement-plan.js';
import { nextTrialState, type TrialState, type TrialStep } from '../../libs/database/src/rotation/flip/trial-state.js';
import { closedCircuit, nextCircuitState, type CircuitEvent, type CircuitState } from '../../libs/database/src/queue/circuit-state.js';
import { planShutdown } from '../../libs/database/src/rotation/shutdown/shutdown-plan.js';
import { nextShutdownState, type ShutdownState, type ShutdownStep } from '../../libs/database/src/rotation/shutdown/shutdown-state.js';
import { nextLeaseState, type LeaseState, type LeaseStep } from '../../libs/vault/src/leases/tracked/lease-state.js';
import { nextSessionState, type SessionState, type SessionStep } from '../../libs/vault/src/session/session-state.js';
import { drawnLease } from './lease-machine.js';
import { drawnMachine } from './state-machine.js';

const error = new Error('away');
const tries = { sinceMs: 0, tries: 1, reason: 'ECONNREFUSED' };
const outage = { kind: 'outage', tries } as const;
const full = { kind: 'full', tries } as const;
const refused = { kind: 'refused', refusal: error, server: closedCircuit } as const;
const plan = planShutdown(0, 10_000);
const prepared = { commit: () => ({ done: Promise.resolve({ terminated: 0 }), setDeadline: () => undefined }), abort: () => undefined };
const held = (number: number): CredentialInUse => ({ number }) as CredentialInUse;
const vaultError = new VaultUnreachableError('away');

const token = {
  credential: { value: new SecretValue('s.token'), epoch: 1 },
  acquiredAtMs: 0,
  expiresAtMs: 1,
  ttlMs: 1,
  renewable: true,
  owned: true,
};

/** The diagram of each state machine under the name that its markers have in docs/architecture/states.md. */
export const drawnMachines: ReadonlyMap<string, string> = new Map([
  ['leaseCauses', await drawnLease()],
  [
    'circuit',
    drawnMachine<CircuitState, CircuitEvent>({
      start: 'closed',
      states: {
        closed: closedCircuit,
        outage,
        full,
        refused,
        probing: [closedCircuit, outage, full, refused].map((found) => ({ kind: 'probing', found })),
      },
      steps: {
        reached: { type: 'reached' },
        proved: { type: 'proved' },
        away: { type: 'away', atMs: 2, reason: 'ECONNREFUSED' },
        full: { type: 'full', atMs: 2, reason: '53300' },
        answered: { type: 'answered' },
        refused: { type: 'refused', refusal: new Error('refused') },
        probeBegun: { type: 'probeBegun' },
        probeEnded: { type: 'probeEnded' },
      },
      next: nextCircuitState,
    }),
  ],
  [
    'generation',
    drawnMachine<GenerationState, GenerationStep>({
      start: 'warming',
      states: {
        warming: { kind: 'warming' },
        active: { kind: 'active' },
        draining: { kind: 'draining', terminated: 0 },
        ended: { kind: 'ended', terminated: 0 },
        failed: { kind: 'failed' },
      },
      steps: {
        activated: { type: 'activated' },
        retired: { type: 'retired' },
        terminated: { type: 'terminated', connections: 1 },
        emptied: { type: 'emptied' },
        rejected: { type: 'rejected' },
      },
      next: nextGenerationState,
    }),
  ],
  [
    'rotation',
    drawnMachine<RotationState, RotationStep>({
      start: 'idle',
      states: {
        idle: { kind: 'idle' },
        serving: { kind: 'serving', held: held(1), failure: undefined },
        expired: { kind: 'expired', held: held(1), failure: undefined },
        stopped: { kind: 'stopped', held: held(1) },
      },
      steps: {
        supplied: { type: 'supplied', held: held(2) },
        dropped: { type: 'dropped' },
        failed: { type: 'failed', error, retryAtMs: 1 },
        expired: { type: 'expired' },
        stopped: { type: 'stopped' },
      },
      next: nextRotationState,
    }),
  ],
  [
    'session',
    drawnMachine<SessionState, SessionStep>({
      start: 'idle',
      states: {
        idle: { kind: 'idle' },
        authenticated: { kind: 'authenticated', token },
        failing: { kind: 'failing', token, error: vaultError, failures: 1, nextTryAtMs: 1 },
        closed: { kind: 'closed' },
      },
      steps: {
        obtained: { type: 'obtained', token: { ...token, expiresAtMs: 2 } },
        failed: { type: 'failed', error: vaultError, nowMs: 1, random: 0 },
        closed: { type: 'closed' },
      },
      next: nextSessionState,
    }),
  ],
  [
    'plan',
    drawnMachine<ReplacementPlan, PlanStep>({
      start: 'none',
      states: { none: noPlan, scheduled: { kind: 'scheduled', atMs: 1 }, retry: { kind: 'retry', atMs: 1 } },
      steps: {
        reckoned: { type: 'reckoned', atMs: 2 },
        sufficed: { type: 'sufficed' },
        failed: { type: 'failed', retryAtMs: 2 },
        fellDue: { type: 'fellDue' },
        dropped: { type: 'dropped' },
      },
      next: nextPlan,
    }),
  ],
  [
    'trial',
    drawnMachine<TrialState, TrialStep>({
      start: 'unanswered',
      states: {
        unanswered: { kind: 'unanswered' },
        refused: { kind: 'refused', fromMs: 1 },
        failing: { kind: 'failing', last: 'network', refusedFromMs: undefined },
        proved: { kind: 'proved', prepared },
        failed: { kind: 'failed', error },
      },
      steps: {
        refused: { type: 'refused', atMs: 2 },
        missed: { type: 'missed', failure: 'network' },
        proved: { type: 'proved', prepared },
        failed: { type: 'failed', error },
      },
      next: nextTrialState,
    }),
  ],
  [
    'shutdown',
    drawnMachine<ShutdownState, ShutdownStep>({
      start: 'running',
      states: {
        running: { kind: 'running' },
        quiescing: { kind: 'quiescing', plan },
        closing: { kind: 'closing', plan },
        over: { kind: 'over', plan },
      },
      steps: { begun: { type: 'begun', plan }, closed: { type: 'closed' }, ended: { type: 'ended' } },
      next: nextShutdownState,
    }),
  ],
  [
    'lease',
    drawnMachine<LeaseState, LeaseStep>({
      start: 'renewing',
      states: {
        renewing: { kind: 'renewing', expiresAtMs: 2, dueAtMs: 1, failures: 0 },
        ending: { kind: 'ending', expiresAtMs: 2 },
        ended: { kind: 'ended', expiresAtMs: 2 },
      },
      steps: {
        renewed: { type: 'renewed', expiresAtMs: 3, dueAtMs: 2 },
        failed: { type: 'failed', dueAtMs: 2 },
        ending: { type: 'ending', expiresAtMs: 1 },
        ended: { type: 'ended', expiresAtMs: 1 },
      },
      next: nextLeaseState,
    }),
  ],
]);
