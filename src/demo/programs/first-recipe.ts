import { ProgramFailedError } from './program-failed.error.js';

/**
 * Reads the first recipe; returns its name.
 * @throws ProgramFailedError if it is not served
 */
export async function firstRecipe(url: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(`${url}/recipes/1`, { signal });
  const text = await response.text();
  if (!response.ok) throw new ProgramFailedError('The first request', `status ${response.status}`, text);
  const { name } = JSON.parse(text) as { name: string };
  return name;
}
