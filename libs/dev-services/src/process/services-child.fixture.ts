import { DevServices } from '../dev-services.js';

/** What a process that has started services tells whoever watches it. */
export interface ServicesReport {
  readonly openbaoPid: number | undefined;
  readonly postgresPid: number | undefined;
  readonly folder: string;
}

/** Starts services and prints one line of what they are; they are left running for the watcher to see what becomes of them. */
export async function startAndReport(): Promise<void> {
  const { openbao, postgres } = await DevServices.start({ openbao: { tls: true }, postgres: true });
  const [row] = await postgres.query('SHOW data_directory');
  const report: ServicesReport = { openbaoPid: openbao.pid, postgresPid: postgres.pid, folder: String(row?.['data_directory']) };
  process.stdout.write(`${JSON.stringify(report)}\n`);
}
