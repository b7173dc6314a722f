import { describe, expect, it } from 'vitest';
import { nextGenerationState, type GenerationState, type GenerationStep } from './generation-state.js';

describe('nextGenerationState', () => {
  it('leads from warming over active and draining to ended, and counts what was terminated', () => {
    const steps: GenerationStep[] = [
      { type: 'activated' },
      { type: 'retired' },
      { type: 'terminated', connections: 2 },
      { type: 'terminated', connections: 1 },
      { type: 'emptied' },
    ];
    const end = steps.reduce<GenerationState>(nextGenerationState, { kind: 'warming' });
    expect(end).toEqual({ kind: 'ended', terminated: 3 });
  });

  it('leads from warming to failed', () => {
    expect(nextGenerationState({ kind: 'warming' }, { type: 'rejected' })).toEqual({ kind: 'failed' });
  });

  it.each<[GenerationState['kind'], GenerationState, GenerationStep]>([
    ['active', { kind: 'active' }, { type: 'activated' }],
    ['active', { kind: 'active' }, { type: 'rejected' }],
    ['draining', { kind: 'draining', terminated: 0 }, { type: 'activated' }],
    ['ended', { kind: 'ended', terminated: 0 }, { type: 'retired' }],
    ['failed', { kind: 'failed' }, { type: 'activated' }],
  ])('has no way for %s by %j', (_, state, step) => expect(() => nextGenerationState(state, step)).toThrow(/cannot be/));
});
