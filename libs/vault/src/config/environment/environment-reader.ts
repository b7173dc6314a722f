import { readFileSync } from 'node:fs';
import { errorCodeOf } from '../../client/http/transport-error.js';
import { VaultConfigurationError } from '../../errors/vault-configuration.error.js';
import type { Environment } from './environment-variables.js';

/** A value, or the file that `*_FILE` names, and the variable that says so. */
export type EnvironmentInput = { readonly value: string; readonly variable: string } | { readonly file: string; readonly variable: string };

/** A setting as text, and the variable it came from. */
export interface EnvironmentText {
  readonly text: string;
  readonly variable: string;
}

/** Reads one environment, and remembers which variable each option came from. */
export class EnvironmentReader {
  readonly environment: Environment;
  readonly #variables = new Map<string, string>();

  constructor(environment: Environment) {
    this.environment = environment;
  }

  /** The variable that each option was read from, by the option's path. */
  get variables(): ReadonlyMap<string, string> {
    return this.#variables;
  }

  /**
   * What a setting is set to, by names without their prefix. What BAO_* says comes before all that VAULT_* says: a token of one server
   * must not go to the other.
   */
  find(...names: readonly string[]): EnvironmentInput | undefined {
    return this.#own('BAO', names) ?? this.#own('VAULT', names);
  }

  /** The same as text: a plain setting, or the trimmed content of its `*_FILE`. */
  text(...names: readonly string[]): EnvironmentText | undefined {
    const input = this.find(...names);
    return input === undefined ? undefined : { text: textOf(input), variable: input.variable };
  }

  /** An option: as it is given, and only else what its variable says. */
  option<Value>(
    option: string,
    given: Value | undefined,
    read: () => { readonly value: Value; readonly variable: string } | undefined,
  ): Value | undefined {
    if (given !== undefined) return given;
    const found = read();
    if (found === undefined) return undefined;
    this.#variables.set(option, found.variable);
    return found.value;
  }

  /** A variable by its full name. An empty one counts as one that is not set. */
  set(variable: string): string | undefined {
    const value = this.environment[variable]?.trim();
    return value === undefined || value === '' ? undefined : value;
  }

  /** Within a family `NAME_FILE` wins, as in container images: the file can be replaced while the process runs. */
  #own(family: 'BAO' | 'VAULT', names: readonly string[]): EnvironmentInput | undefined {
    for (const name of names) {
      const variable = `${family}_${name}`;
      const file = this.set(`${variable}_FILE`);
      if (file !== undefined) return { file, variable: `${variable}_FILE` };
      const value = this.set(variable);
      if (value !== undefined) return { value, variable };
    }
    return undefined;
  }
}

function textOf(input: EnvironmentInput): string {
  if ('value' in input) return input.value;
  try {
    return readFileSync(input.file, 'utf8').trim();
  } catch (error) {
    throw new VaultConfigurationError(`The file ${input.file} of ${input.variable} cannot be read (${errorCodeOf(error)}).`, {
      setting: input.variable,
      remedy: 'Check the path and its permissions.',
    });
  }
}
