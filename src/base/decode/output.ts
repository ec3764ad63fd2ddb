/** Bytes as they are made, up to a limit; what is beyond it is dropped. */
export class Output {
  private bytes: Uint8Array;
  private readonly limit: number;
  length = 0;
  isFull = false;

  constructor(limit: number) {
    this.limit = limit;
    this.bytes = new Uint8Array(Math.min(limit, 65_536));
  }

  private room(count: number): number {
    if (this.length + count > this.limit) this.isFull = true;
    const end = Math.min(this.limit, this.length + count);
    if (end > this.bytes.length) {
      const larger = new Uint8Array(Math.min(this.limit, Math.max(end, this.bytes.length * 2)));
      larger.set(this.bytes.subarray(0, this.length));
      this.bytes = larger;
    }
    return end;
  }

  push(byte: number): void {
    const end = this.room(1);
    if (end === this.length) return;
    this.bytes[this.length] = byte;
    this.length = end;
  }

  append(part: Uint8Array): void {
    const end = this.room(part.length);
    this.bytes.set(part.subarray(0, end - this.length), this.length);
    this.length = end;
  }

  fill(byte: number, count: number): void {
    const end = this.room(count);
    this.bytes.fill(byte, this.length, end);
    this.length = end;
  }

  /** The byte that stands so far back. */
  back(distance: number): number {
    return this.bytes[this.length - distance] ?? 0;
  }

  /** Repeats what stands so far back; what it writes may be repeated as well. */
  copy(distance: number, count: number): void {
    const end = this.room(count);
    const { bytes } = this;
    for (let at = this.length; at < end; at++) bytes[at] = bytes[at - distance] ?? 0;
    this.length = end;
  }

  /** What was made. */
  whole(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }
}
