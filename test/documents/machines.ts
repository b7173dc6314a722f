import { nextGenerationState, type GenerationState, type GenerationStep } from '../../libs/database/src/generations/generation-state.js';
import { nextRotationState, type RotationState, type RotationStep } from '../../libs/database/src/lifetime/rotation-state.js';
import { drawnMachine } from './state-machine.js';

const error = new Error('away');

/** The diagram of each state machine under the name that its markers have in docs/architecture/states.md. */
export const drawnMachines: ReadonlyMap<string, string> = new Map([
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
        serving: { kind: 'serving', failure: undefined },
        expired: { kind: 'expired', failure: undefined },
        stopped: { kind: 'stopped' },
      },
      steps: {
        supplied: { type: 'supplied' },
        dropped: { type: 'dropped' },
        failed: { type: 'failed', error, retryAtMs: 1 },
        expired: { type: 'expired' },
        stopped: { type: 'stopped' },
      },
      next: nextRotationState,
    }),
  ],
]);
