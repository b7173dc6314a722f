import { isDeepStrictEqual } from 'node:util';

/** A transition function with one sample of each state and each step: the types hold that none is left out. */
export interface StateMachine<State extends { readonly kind: string }, Step extends { readonly type: string }> {
  readonly start: State['kind'];
  readonly states: { readonly [Kind in State['kind']]: Extract<State, { readonly kind: Kind }> };
  readonly steps: { readonly [Type in Step['type']]: Extract<Step, { readonly type: Type }> };
  readonly next: (state: State, step: Step) => State;
}

/** The Mermaid diagram of what the transition function answers for each state and each step. Steps that change nothing are left out. */
export function drawnMachine<State extends { readonly kind: string }, Step extends { readonly type: string }>(
  machine: StateMachine<State, Step>,
): string {
  const arrows = new Map<string, string[]>();
  for (const state of Object.values<State>(machine.states)) {
    for (const step of Object.values<Step>(machine.steps)) {
      const after = stateAfter(machine, state, step);
      if (after === undefined || isDeepStrictEqual(after, state)) continue;
      const arrow = `${state.kind} --> ${after.kind}`;
      arrows.set(arrow, [...(arrows.get(arrow) ?? []), step.type]);
    }
  }
  const leaves = (kind: string): boolean => [...arrows.keys()].some((arrow) => arrow.startsWith(`${kind} `) && !arrow.endsWith(` ${kind}`));
  const ends = Object.keys(machine.states).filter((kind) => !leaves(kind));
  return [
    'stateDiagram-v2',
    `  [*] --> ${machine.start}`,
    ...[...arrows].map(([arrow, steps]) => `  ${arrow} : ${steps.join(', ')}`),
    ...ends.map((kind) => `  ${kind} --> [*]`),
  ].join('\n');
}

/** undefined: the transition function refuses the step. */
function stateAfter<State extends { readonly kind: string }, Step extends { readonly type: string }>(
  machine: StateMachine<State, Step>,
  state: State,
  step: Step,
): State | undefined {
  try {
    return machine.next(state, step);
  } catch {
    return undefined;
  }
}
