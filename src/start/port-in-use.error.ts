/** Another program listens on the port that the application was told to take. */
export class PortInUseError extends Error {
  readonly code = 'GRIMOIRE_PORT_IN_USE';
  readonly setting = 'PORT';
  readonly remedy = 'Stop the other program, or set PORT to a free port (0 takes any).';

  constructor(port: number) {
    super(`Another program listens on port ${port} already.`);
    this.name = new.target.name;
    this.message += ` ${this.remedy}`;
  }
}
