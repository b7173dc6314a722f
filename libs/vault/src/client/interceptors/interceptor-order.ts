import type { VaultInterceptor } from './vault-interceptor.js';

/** The built-in interceptors, from the caller to the wire. */
export const builtInOrder = ['cache', 'retry', 'auth', 'observe'] as const;

export type BuiltInInterceptor = (typeof builtInOrder)[number];

/** Where an added interceptor stands: on the caller's side (`before`) or on the wire's side (`after`) of a built-in one. */
export type InterceptorPlace = { readonly before: BuiltInInterceptor } | { readonly after: BuiltInInterceptor };

/** An interceptor of the application with its place. Several at one place keep the order in which they are given. */
export type PlacedInterceptor = InterceptorPlace & { readonly interceptor: VaultInterceptor };

/** The interceptors on the caller's side of the log-in, and those that log-ins and renewals pass as well. */
export interface InterceptorChain {
  /** What stands before `auth`, in order. */
  readonly aboveAuth: readonly VaultInterceptor[];
  /** What stands after `auth`, in order. */
  readonly belowAuth: readonly VaultInterceptor[];
}

/** Puts the application's interceptors at their places. Order of the built-in ones: cache, retry, auth, observe. */
export function orderInterceptors(
  builtIn: Readonly<Record<Exclude<BuiltInInterceptor, 'auth'>, VaultInterceptor>>,
  added: readonly PlacedInterceptor[],
): InterceptorChain {
  const around = (name: BuiltInInterceptor, side: 'before' | 'after'): readonly VaultInterceptor[] =>
    added
      .filter((place) => (side in place ? (place as Record<string, unknown>)[side] : undefined) === name)
      .map(({ interceptor }) => interceptor);
  const wrapped = (name: Exclude<BuiltInInterceptor, 'auth'>): readonly VaultInterceptor[] => [
    ...around(name, 'before'),
    builtIn[name],
    ...around(name, 'after'),
  ];
  return {
    aboveAuth: [...wrapped('cache'), ...wrapped('retry'), ...around('auth', 'before')],
    belowAuth: [...around('auth', 'after'), ...wrapped('observe')],
  };
}
