import { DatabaseConfigurationError } from '../../errors/database-configuration.error.js';

const known: ReadonlySet<string> = new Set(['typeorm', 'credentials', 'rotation']);

/**
 * Refuses options that would be ignored in silence: names that do not exist, and a name in `typeorm`.
 *
 * The folder `nest/options/` decides whether the options of DatabaseModule are complete and come from the right place: who makes them, which
 * names exist, and what a factory is too late to give. It does not decide what the values of `typeorm` (`typeorm/`) and of `rotation`
 * (`options/`) may be.
 * @param name of the data source, as declared
 * @throws DatabaseConfigurationError that names the option and its place
 */
export function checkModuleOptions(options: object, name: string | undefined): void {
  const given = Object.keys(options).filter((option) => (options as Record<string, unknown>)[option] !== undefined);
  const unknown = given.find((option) => !known.has(option));
  if (unknown !== undefined) refuse(unknown, 'is not an option of DatabaseModule', `The options are ${[...known].join(', ')}.`);
  const { typeorm } = options as { readonly typeorm?: { readonly name?: unknown } };
  if (typeorm?.name === undefined || typeorm.name === name) return;
  refuse(
    'typeorm.name',
    'does not name the data source',
    'Give name to DatabaseModule itself: DatabaseModule.forRoot({ name, typeorm, ... }).',
  );
}

function refuse(setting: string, what: string, remedy: string): never {
  throw new DatabaseConfigurationError(`${setting} ${what}.`, { setting, remedy });
}
