import { Inject, type InjectionToken, type Type } from '@nestjs/common';
import { ModuleRef, type ModulesContainer } from '@nestjs/core';

type NestModule = ModulesContainer extends ReadonlyMap<string, infer Module> ? Module : never;

/** What a {@link ModuleReplacement} goes by. */
export interface ModuleReplacementFacts {
  /** Whether a test has put another module in the place. */
  readonly isReplaced: boolean;
  /** The module class whose first import is the place. */
  readonly within: Type;
  readonly modules: ModulesContainer;
  /** Whether a global module is one of those that ask here: it hands out nothing of its own. */
  readonly isOurs: (module: NestModule) => boolean;
}

/**
 * Knows whether a test has put another module in the place of one of ours with `overrideModule()`, and hands out what stands there instead.
 * Nest replaces the class alone and none of the dynamic modules that `forRoot()` makes: they ask here.
 */
export class ModuleReplacement {
  readonly #facts: ModuleReplacementFacts;

  constructor(facts: ModuleReplacementFacts) {
    this.#facts = facts;
  }

  get isReplaced(): boolean {
    return this.#facts.isReplaced;
  }

  /** The provider of that token in the module in the place, or in a global one that came with it; undefined if there is none, or if nothing is replaced. */
  async provided<Provided>(provider: InjectionToken<Provided>): Promise<Provided | undefined> {
    const owner = this.isReplaced ? this.#ownerOf(provider) : undefined;
    if (owner === undefined) return undefined;
    class Found {
      readonly instance: Provided;

      constructor(instance: Provided) {
        this.instance = instance;
      }
    }
    Inject(provider)(Found, undefined, 0);
    // Through the owner: from elsewhere Nest might find the very provider that waits for the answer.
    const moduleRef = owner.getProviderByKey<ModuleRef>(ModuleRef).instance;
    const { instance } = await moduleRef.create<Found>(Found);
    return instance;
  }

  #ownerOf(provider: InjectionToken): NestModule | undefined {
    const { within, modules, isOurs } = this.#facts;
    const all = [...modules.values()];
    // Global modules follow those that a module imports itself.
    const [replacing] = all.find(({ metatype }) => metatype === within)?.imports ?? [];
    const global = (): NestModule | undefined => all.find((module) => module.isGlobal && !isOurs(module) && owns(module, provider));
    return (replacing && exporterOf(replacing, provider)) ?? global();
  }
}

/** The module that owns a provider which `module` exports: itself, or one that it passes on. */
function exporterOf(module: NestModule, provider: InjectionToken, seen = new Set<NestModule>()): NestModule | undefined {
  if (owns(module, provider)) return module;
  seen.add(module);
  const passedOn = [...module.imports].filter((imported) => module.exports.has(imported.metatype) && !seen.has(imported));
  for (const imported of passedOn) {
    const found = exporterOf(imported, provider, seen);
    if (found !== undefined) return found;
  }
  return undefined;
}

function owns({ exports, providers }: NestModule, provider: InjectionToken): boolean {
  return exports.has(provider) && providers.has(provider);
}
