import { Inject, Injectable, Module, Optional, type DynamicModule, type InjectionToken, type Type } from '@nestjs/common';
import { ModuleRef, ModulesContainer } from '@nestjs/core';
import { VAULT_MODULE_IN_PLACE } from './vault-private-tokens.js';

/**
 * Knows whether a test has put another module in the place of VaultModule with `overrideModule(VaultModule)`, and hands out what that one
 * exports. Nest replaces the class alone and none of the dynamic modules that `forRoot()` makes: they ask here.
 */
@Injectable()
export class VaultReplacement {
  readonly #isInPlace: boolean;
  readonly #moduleRef: ModuleRef;
  readonly #modules: ModulesContainer;

  constructor(
    @Optional() @Inject(VAULT_MODULE_IN_PLACE) isInPlace: boolean | undefined,
    @Inject(ModuleRef) moduleRef: ModuleRef,
    @Inject(ModulesContainer) modules: ModulesContainer,
  ) {
    this.#isInPlace = isInPlace === true;
    this.#moduleRef = moduleRef;
    this.#modules = modules;
  }

  get isReplaced(): boolean {
    return !this.#isInPlace;
  }

  /** The provider of that token in the module that replaces VaultModule; undefined if that has none, or if VaultModule is in its place. */
  async provided<Provided>(provider: InjectionToken<Provided>): Promise<Provided | undefined> {
    if (!this.isReplaced || !this.#isExported(provider)) return undefined;
    class Found {
      readonly instance: Provided;

      constructor(instance: Provided) {
        this.instance = instance;
      }
    }
    Inject(provider)(Found, undefined, 0);
    const { instance } = await this.#moduleRef.create<Found>(Found);
    return instance;
  }

  /**
   * Asked for first: Nest would else find the very provider that waits for the answer. Of the imports the first is the one that is declared
   * below; global modules follow.
   */
  #isExported(provider: InjectionToken): boolean {
    const own = [...this.#modules.values()].find(({ metatype }) => metatype === (VaultReplacementModule as Type));
    const [replacing] = own?.imports ?? [];
    return replacing !== undefined && isExportedBy(replacing, provider);
  }
}

type NestModule = ModulesContainer extends ReadonlyMap<string, infer Module> ? Module : never;

/** Whether a module exports a provider, its own or one that it passes on. */
function isExportedBy(module: NestModule, provider: InjectionToken, seen = new Set<NestModule>()): boolean {
  const { exports, imports } = module;
  if (exports.has(provider)) return true;
  if (seen.has(module)) return false;
  seen.add(module);
  return [...imports].some((imported) => exports.has(imported.metatype) && isExportedBy(imported, provider, seen));
}

/** A module of its own, which sees what stands in the place of VaultModule and not what the connection itself provides. */
@Module({ providers: [VaultReplacement], exports: [VaultReplacement] })
export class VaultReplacementModule {
  static instead(of: Type): DynamicModule {
    return { module: VaultReplacementModule, imports: [of] };
  }
}
