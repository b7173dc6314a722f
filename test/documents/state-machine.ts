import { isDeepStrictEqual } from 'node:util';

type Samples<State> = State | readonly State[];

/** A transition function with samples of each state and one of each step: the types hold that none is left out. */
export interface StateMachine<State extends { readonly kind: string }, Step extends { readonly type: string }> {
  readonly start: State['kind'];
  /** More than one sample where what follows depends on more than the kind. */
  readonly states: { readonly [Kind in State['kind']]: Samples<Extract<State, { readonly kind: Kind }>> };
  readonly steps: { readonly [Type in Step['type']]: Extract<Step, { readonly type: Type }> };
  readonly next: (state: State, step: Step) => State;
}

/** The Mermaid diagram of what the transition function answers for each state and each step. Steps that change nothing are left out. */
export function drawnMachine<State extends { readonly kind: string }, Step extends { readonly type: string }>(
  machine: StateMachine<State, Step>,
): string {
  const arrows: [from: string, to: string, step: string][] = [];
  for (const state of Object.values<Samples<State>>(machine.states).flat() as State[]) {
    for (const step of Object.values<Step>(machine.steps)) {
      const after = stateAfter(machine, state, step);
      if (after !== undefined && !isDeepStrictEqual(after, state)) arrows.push([state.kind, after.kind, step.type]);
    }
  }
  return drawnArrows(machine.start, Object.keys(machine.states), arrows);
}

/** Steps between the same two states share an arrow. A state from which no step leads to another one is an end. */
export function drawnArrows(
  start: string,
  kinds: readonly string[],
  arrows: readonly (readonly [from: string, to: string, step: string])[],
): string {
  const steps = new Map<string, string[]>();
  for (const [from, to, step] of arrows) {
    const arrow = `${from} --> ${to}`;
    steps.set(arrow, [...new Set([...(steps.get(arrow) ?? []), step])]);
  }
  const ends = kinds.filter((kind) => arrows.every(([from, to]) => from !== kind || to === kind));
  return [
    'stateDiagram-v2',
    `  [*] --> ${start}`,
    ...Array.from(steps, ([arrow, labels]) => `  ${arrow} : ${labels.join(', ')}`),
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
