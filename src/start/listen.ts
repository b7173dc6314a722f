import type { INestApplication } from '@nestjs/common';
import { SettingInvalidError } from '../settings/setting-invalid.error.js';
import { GrimoireSettings } from '../settings/grimoire-settings.js';
import { PortInUseError } from './port-in-use.error.js';

/**
 * Opens the port of the settings.
 * @returns the URL that answers
 * @throws PortInUseError, or SettingInvalidError for a host or port that this machine does not let it have
 */
export async function listen(app: INestApplication): Promise<string> {
  const { port, host } = app.get(GrimoireSettings);
  try {
    await app.listen(port, host);
    return await app.getUrl();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE') throw new PortInUseError(port);
    if (code === 'EACCES') throw new SettingInvalidError('PORT', `is ${port}, which needs more rights`, 'Take a port above 1023.');
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new SettingInvalidError('HOST', 'is no address of this machine', 'Take 0.0.0.0, or one of its own addresses.');
    throw error;
  }
}
