import { describe, expect, it } from 'vitest';
import { planShutdown } from './shutdown-plan.js';
import { nextShutdownState, type ShutdownState, type ShutdownStep } from './shutdown-state.js';

const plan = planShutdown(0, 10_000);
const begun = { type: 'begun', plan: planShutdown(5_000, 10_000) } as const;
const closed: ShutdownStep = { type: 'closed' };
const ended: ShutdownStep = { type: 'ended' };
const running: ShutdownState = { kind: 'running' };
const quiescing: ShutdownState = { kind: 'quiescing', plan };
const closing: ShutdownState = { kind: 'closing', plan };
const over: ShutdownState = { kind: 'over', plan };

describe('nextShutdownState', () => {
  it.each([
    { from: running, step: begun, to: { kind: 'quiescing', plan: begun.plan } },
    { from: running, step: closed, to: running },
    { from: running, step: ended, to: running },
    { from: quiescing, step: begun, to: quiescing },
    { from: quiescing, step: closed, to: closing },
    { from: quiescing, step: ended, to: quiescing },
    { from: closing, step: begun, to: closing },
    { from: closing, step: closed, to: closing },
    { from: closing, step: ended, to: over },
    { from: over, step: begun, to: over },
    { from: over, step: closed, to: over },
    { from: over, step: ended, to: over },
  ])('from $from.kind, on $step.type: $to.kind', ({ from, step, to }) => expect(nextShutdownState(from, step)).toEqual(to));
});
