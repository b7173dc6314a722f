/** How a tunnel failed: no connection to the proxy, a proxy whose certificate is not trusted, a refusal by it, no answer in time, or a broken handshake behind it. */
export type ProxyTunnelProblem = 'unreachable' | 'untrusted' | 'refused' | 'timeout' | 'broken';

/** Why the proxy gave no tunnel. Never leaves the package; its code is none that undici takes for a reason to try again. */
export class ProxyTunnelFailure extends Error {
  readonly code = 'PROXY_TUNNEL_FAILED';
  readonly problem: ProxyTunnelProblem;
  /** Code of Node's error, or the HTTP status of the proxy. */
  readonly reason: string;

  constructor(problem: ProxyTunnelProblem, reason = '') {
    super(problem);
    this.name = 'ProxyTunnelFailure';
    this.problem = problem;
    this.reason = reason;
  }
}
