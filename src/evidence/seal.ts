import { encodeBase64, encodeCanonicalJson } from '#base';
import { BUNDLE_TYPE, PAYLOAD_TYPE, preAuthEncoding, type SigstoreBundle } from './envelope.ts';
import type { Signer } from './key.ts';
import type { Statement } from './statement.ts';

/** Signs a statement: canonical JSON of a Sigstore bundle around a DSSE envelope. */
export function sealStatement(statement: Statement, signer: Signer): Uint8Array {
  const payload = encodeCanonicalJson(statement);
  const signature = signer.sign(preAuthEncoding(PAYLOAD_TYPE, payload));
  const bundle: SigstoreBundle = {
    mediaType: BUNDLE_TYPE,
    verificationMaterial: { publicKey: { hint: signer.keyId } },
    dsseEnvelope: {
      payload: encodeBase64(payload),
      payloadType: PAYLOAD_TYPE,
      signatures: [{ keyid: signer.keyId, sig: encodeBase64(signature) }],
    },
  };
  return encodeCanonicalJson(bundle);
}
