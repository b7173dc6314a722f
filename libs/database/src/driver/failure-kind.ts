/**
 * Why a connection could not be opened:
 * - `login`: user or password refused; other credentials may help.
 * - `network`: the server was not reached or is starting; the same try may succeed later.
 * - `name`: the host name does not resolve: a wrong setting where it never did, a fault of the name service that passes where it did.
 * - `overload`: the server has no connection to spare.
 * - `configuration`: wrong host, database or certificate; trying again does not help.
 * - `other`: not known; reported as it is.
 */
export type FailureKind = 'login' | 'network' | 'name' | 'overload' | 'configuration' | 'other';
