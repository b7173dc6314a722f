import { VaultPathError } from '../../errors/vault-path.error.js';

/** What node-vault documents as the default of these; its own templates know it not. */
const defaults: Readonly<Record<string, unknown>> = { kubernetesPath: 'kubernetes' };

/**
 * Fills in the paths of node-vault's commands (`/auth/{{mount_point}}{{^mount_point}}approle{{/mount_point}}/login`). Its own
 * template engine escapes for HTML, so that `o'brien` would reach another name; this one encodes for a URL.
 * @throws VaultPathError if a name is missing: what is left would be another endpoint (`DELETE sys/mounts/`)
 */
export function renderPath(template: string, values: Readonly<Record<string, unknown>>): string {
  return template
    .replaceAll(/\{\{(\w+)\}\}\{\{\^\1\}\}(.*?)\{\{\/\1\}\}/g, (_, name: string, otherwise: string) =>
      textOf(values[name]) === '' ? otherwise : `{{${name}}}`,
    )
    .replaceAll(/\{\{ ?(\w+) ?\}\}/g, (_, name: string) => {
      const text = textOf(values[name] ?? defaults[name]);
      if (text !== '') return text.split('/').map(encodeURIComponent).join('/');
      throw new VaultPathError(`The command for ${template} needs \`${name}\`.`, { remedy: `Give it \`${name}\` as text.` });
    });
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
