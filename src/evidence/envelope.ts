import { concatBytes, encodeUtf8 } from '#base';

/** The payload type of an in-toto statement. */
export const PAYLOAD_TYPE = 'application/vnd.in-toto+json';
/** The media type of a Sigstore bundle. */
export const BUNDLE_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';

/** A DSSE envelope with one signature, in a Sigstore bundle whose key the reader has. */
export interface SigstoreBundle {
  readonly mediaType: typeof BUNDLE_TYPE;
  readonly verificationMaterial: { readonly publicKey: { readonly hint: string } };
  readonly dsseEnvelope: {
    readonly payload: string;
    readonly payloadType: typeof PAYLOAD_TYPE;
    readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
  };
}

/** What a DSSE signature is over (dsse protocol 1.0, PAE): lengths in bytes, so nothing is ambiguous. */
export function preAuthEncoding(type: string, body: Uint8Array): Uint8Array {
  const head = `DSSEv1 ${encodeUtf8(type).length} ${type} ${body.length} `;
  return concatBytes(encodeUtf8(head), body);
}
