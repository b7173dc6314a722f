import type { InjectionToken, Provider, Type } from '@nestjs/common';
import type { InterceptorPlace, PlacedInterceptor } from '../client/interceptors/interceptor-order.js';
import type { VaultInterceptor } from '../client/interceptors/vault-interceptor.js';

/**
 * An interceptor of the application and where it stands: `{ use: TenantInterceptor, before: 'cache' }`. A class is made by Nest
 * with its dependencies injected (they have to be visible to the module: see `imports`); an object is taken as it is.
 * Order of the built-in ones, from the caller to the wire: cache, retry, auth, observe. What stands after `auth` also sees
 * log-ins and renewals, and the token of each request.
 */
export type InterceptorRegistration = InterceptorPlace & { readonly use: Type<VaultInterceptor> | VaultInterceptor };

/** Private token of the application's interceptors, made and placed. */
export const ADDED_INTERCEPTORS = Symbol('keyturn:added-interceptors');

/** Providers that make the registered interceptors. */
export function interceptorProviders(registrations: readonly InterceptorRegistration[]): Provider[] {
  const classes = new Set(registrations.map(({ use }) => use).filter(isClass));
  return [
    ...classes,
    {
      provide: ADDED_INTERCEPTORS,
      inject: registrations.map(({ use }) => use).filter(isClass) as InjectionToken[],
      useFactory: (...made: VaultInterceptor[]): PlacedInterceptor[] => {
        const instances = made[Symbol.iterator]();
        return registrations.map(({ use, ...place }) => ({
          ...place,
          interceptor: isClass(use) ? (instances.next().value as VaultInterceptor) : use,
        }));
      },
    },
  ];
}

function isClass(use: Type<VaultInterceptor> | VaultInterceptor): use is Type<VaultInterceptor> {
  return typeof use === 'function';
}
