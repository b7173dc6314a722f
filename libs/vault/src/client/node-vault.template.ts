/**
 * Fills in the paths of node-vault's commands (`/auth/{{mount_point}}{{^mount_point}}approle{{/mount_point}}/login`). Its own
 * template engine escapes for HTML, so that `o'brien` would reach another name; this one encodes for a URL.
 */
export function renderPath(template: string, values: Readonly<Record<string, unknown>>): string {
  return template
    .replaceAll(/\{\{\^(\w+)\}\}(.*?)\{\{\/\1\}\}/g, (_, name: string, otherwise: string) => (textOf(values[name]) === '' ? otherwise : ''))
    .replaceAll(/\{\{ ?(\w+) ?\}\}/g, (_, name: string) => textOf(values[name]).split('/').map(encodeURIComponent).join('/'));
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
