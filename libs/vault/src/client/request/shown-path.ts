import type { VaultRequest } from './vault-request.js';

/** The path as errors, logs and metrics may show it: the template, where the path itself names something confidential. */
export function shownPath({ path, pathTemplate }: VaultRequest): string {
  return pathTemplate ?? path;
}
