/** Words of Vault's and Go's own messages. That one of them was sent as well does not make it a secret where it stands in a sentence. */
export const ordinaryWords: ReadonlySet<string> = new Set(
  (
    'a s t access accessor after all allowed already an and any are as at auth authentication backend bad base64 be been before body ' +
    'by can cannot capabilities capability cas certificate character check client code common config configuration configured ' +
    'connect connecting connection content converting could creating credential credentials current data database decode denied dial ' +
    'did disabled does down due duplicate duration during dynamic empty enabled endpoint entity err error errors exist existing ' +
    'exists expected expiration expired failed field fields first following for format found from get given got had has have header ' +
    'host hostname http https id if illegal in initialize initializing input internal invalid io is it json key kv last lease leases ' +
    'length local lookup map match max maximum message metadata method min missing mount must name namespace need needs network new ' +
    'no none not null number object of on one only operation option or out parameter parameters parse parsing password path ' +
    'permission plugin policies policy port postgres postgresql provided public query read reading refused renew renewable ' +
    'replication request required reset resolving response retry role rotate route sealed seconds secret secrets server set sign ' +
    'some sql standby state statement statements static status string such supported syntax system tcp that the this time timeout ' +
    'tls to token too ttl type unable unexpected unit unknown unmarshal unsupported unwrap update url use used user username ' +
    'userpass using valid validation value values vault verify verifying version was when while with without wrapping write writing ' +
    'wrong x509 yaml you your'
  ).split(' '),
);
