import { isDeepStrictEqual } from 'node:util';
import { drawnArrows } from './state-machine.js';

/** A part whose states are seen from outside, where no pure function has the transitions: each step is taken by a new subject in each state. */
export interface ObservedMachine<Subject> {
  readonly start: string;
  /** How a subject gets into each state. */
  readonly states: Readonly<Record<string, () => Promise<Subject>>>;
  readonly steps: Readonly<Record<string, (subject: Subject) => Promise<unknown>>>;
  readonly stateOf: (subject: Subject) => { readonly kind: string };
}

/** The Mermaid diagram of what each step does in each state. */
export async function observedMachine<Subject>({ start, states, steps, stateOf }: ObservedMachine<Subject>): Promise<string> {
  const arrows: [from: string, to: string, step: string][] = [];
  for (const [kind, enter] of Object.entries(states)) {
    for (const [step, take] of Object.entries(steps)) {
      const subject = await enter();
      const before = structuredClone(stateOf(subject));
      if (before.kind !== kind) throw new Error(`The subject that should be ${kind} is ${before.kind}.`);
      await take(subject);
      const after = stateOf(subject);
      if (!isDeepStrictEqual(structuredClone(after), before)) arrows.push([kind, after.kind, step]);
    }
  }
  return drawnArrows(start, Object.keys(states), arrows);
}
