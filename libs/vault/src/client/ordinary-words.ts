/** Words of Vault's and Go's own messages. That one of them was sent as well does not make it a secret where it stands in a sentence. */
export const ordinaryWords: ReadonlySet<string> = new Set(
  (
    'a s t access accessor after all allowed already an and any are as at auth authentication backend bad be been before body by can cannot cas ' +
    'certificate character check client code config configuration configured connect connecting connection content could creating ' +
    'credential credentials current data database decode denied dial did disabled does down due during duplicate dynamic empty enabled ' +
    'endpoint entity err error errors exist existing exists expected expired expiration failed field fields first following for format ' +
    'found from get given got had has have header host http https id if in initialize initializing input internal invalid io is it json ' +
    'key kv last lease leases length local lookup map match max maximum message metadata method min missing mount must name namespace ' +
    'need needs network new no none not null object of on one only operation option or out parameter parameters parse parsing password ' +
    'path permission plugin policies policy port postgres postgresql provided public query read reading refused renew renewable replication ' +
    'request required reset response retry role rotate route sealed secret secrets server set sign some sql standby state statement ' +
    'statements static status string such supported system tcp that the this time timeout tls to token too ttl type unable unexpected ' +
    'unknown unmarshal unsupported unwrap update url use used user username userpass using valid value values vault verify verifying ' +
    'version was when while with without wrapping write writing wrong x509 yaml you your'
  ).split(' '),
);
