/** An import: the path, and the name it has in this file. */
export interface ScannedImport {
  readonly path: string;
  /** `.` for a dot import, `_` for a blank one, else the name; undefined when it has to be guessed. */
  readonly name: string | undefined;
  readonly start: number;
  readonly end: number;
}

/** A comment that may be a directive. */
export interface ScannedComment {
  readonly start: number;
  readonly text: string;
}

/** A string written in the code, or put together from constants. */
export interface ScannedString {
  readonly start: number;
  readonly end: number;
  readonly value: string;
  readonly how: readonly string[];
}

/** What one file says before its code is read. */
export interface FileScan {
  readonly packageName: string;
  readonly imports: readonly ScannedImport[];
  readonly comments: readonly ScannedComment[];
  readonly strings: readonly ScannedString[];
  /** Regions that the parser could not read: UTF-16 start and end. */
  readonly unread: readonly (readonly [number, number])[];
}
