import { describe, expect, it } from 'vitest';
import { nextPlan, noPlan, type PlanStep, type ReplacementPlan } from './replacement-plan.js';

const scheduled: ReplacementPlan = { kind: 'scheduled', atMs: 100 };
const retry: ReplacementPlan = { kind: 'retry', atMs: 200 };
const reckoned: PlanStep = { type: 'reckoned', atMs: 300 };
const failed: PlanStep = { type: 'failed', retryAtMs: 400 };

describe('nextPlan', () => {
  it.each<[ReplacementPlan, PlanStep, ReplacementPlan]>([
    [noPlan, reckoned, { kind: 'scheduled', atMs: 300 }],
    [noPlan, { type: 'sufficed' }, noPlan],
    [noPlan, failed, { kind: 'retry', atMs: 400 }],
    [noPlan, { type: 'fellDue' }, noPlan],
    [noPlan, { type: 'dropped' }, noPlan],
    [scheduled, reckoned, { kind: 'scheduled', atMs: 300 }],
    [scheduled, { type: 'sufficed' }, noPlan],
    [scheduled, failed, { kind: 'retry', atMs: 400 }],
    [scheduled, { type: 'fellDue' }, noPlan],
    [scheduled, { type: 'dropped' }, noPlan],
    [retry, reckoned, retry],
    [retry, { type: 'sufficed' }, retry],
    [retry, failed, { kind: 'retry', atMs: 400 }],
    [retry, { type: 'fellDue' }, noPlan],
    [retry, { type: 'dropped' }, noPlan],
  ])('turns %j on %j into %j', (plan, step, expected) => expect(nextPlan(plan, step)).toEqual(expected));

  it.each<[ReplacementPlan, PlanStep]>([
    [noPlan, { type: 'sufficed' }],
    [retry, reckoned],
    [retry, { type: 'sufficed' }],
  ])('keeps the timer of %j on %j', (plan, step) => expect(nextPlan(plan, step)).toBe(plan));
});
