/** What kinds of content there are, by what a responder does with them. */
export type FormatClass =
  | 'executable'
  | 'archive'
  | 'database'
  | 'document'
  | 'image'
  | 'media'
  | 'font'
  | 'key'
  | 'certificate'
  | 'script'
  | 'text'
  | 'binary';

/** What bytes are, by nothing but themselves. */
export interface Format {
  /** Such as `elf`, `zip`, `png`, `sh`, `pem-private-key`; `text` and `data` where nothing is known. */
  readonly format: string;
  readonly kind: FormatClass;
}
