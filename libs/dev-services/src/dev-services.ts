import { locateOpenBao } from './locate/locate-open-bao.js';
import { thisMachine } from './locate/machine.js';
import { OpenBaoServer } from './openbao/open-bao-server.js';
import { PostgresServer } from './postgres/postgres-server.js';
import { Supervisor } from './process/supervisor.js';
import type { DevServicesOptions } from './dev-services.options.js';

export class DevServices {
  readonly #supervisor: Supervisor;
  readonly openbao: OpenBaoServer;
  readonly postgres: PostgresServer;

  private constructor(supervisor: Supervisor, openbao: OpenBaoServer, postgres: PostgresServer) {
    this.#supervisor = supervisor;
    this.openbao = openbao;
    this.postgres = postgres;
  }

  static async start(options: DevServicesOptions): Promise<DevServices> {
    const supervisor = await Supervisor.start();
    try {
      const [openbao, postgres] = await Promise.all([
        locateOpenBao(thisMachine()).then((program) =>
          OpenBaoServer.start(supervisor, program, typeof options.openbao === 'object' ? options.openbao : {}),
        ),
        PostgresServer.start(supervisor, typeof options.postgres === 'object' ? options.postgres : {}),
      ]);
      return new DevServices(supervisor, openbao, postgres);
    } catch (error) {
      await supervisor.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.#supervisor.stop();
  }
}
