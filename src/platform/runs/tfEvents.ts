/** One scalar for TensorBoard. */
export interface Scalar {
  readonly tag: string;
  readonly step: number;
  /** Seconds since 1970. */
  readonly time: number;
  readonly value: number;
}

/**
 * The bytes of a TensorBoard event file (`events.out.tfevents.*`): TFRecords, each a length and its check sum, a protocol buffer `Event` and its check sum.
 * Source: tensorflow/core/lib/io/record_writer.h and tensorflow/core/util/event.proto.
 */
export function tfEventFile(scalars: Iterable<Scalar>, started: number): Uint8Array {
  const bytes = new Bytes();
  record(bytes, new Bytes().double(1, started).text(3, 'brain.Event:2').view());
  for (const { tag, step, time, value } of scalars) {
    const summary = new Bytes().message(1, new Bytes().text(1, tag).float(2, value).view()).view();
    record(bytes, new Bytes().double(1, time).integer(2, step).message(5, summary).view());
  }
  return bytes.view();
}

function record(bytes: Bytes, data: Uint8Array): void {
  const length = new Bytes().uint32(data.length).uint32(0).view();
  bytes.raw(length).uint32(masked(crc32c(length))).raw(data).uint32(masked(crc32c(data)));
}

/** A check sum of bytes that hold check sums would be weak; TFRecord turns and shifts it. */
function masked(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc;
});

/** CRC-32C (Castagnoli), as RFC 3720 has it. */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (table[(crc ^ byte) & 255] as number) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** Bytes that grow; the fields of protocol buffers. */
class Bytes {
  private data = new Uint8Array(64);
  private used = 0;

  view(): Uint8Array {
    return this.data.subarray(0, this.used);
  }

  raw(bytes: Uint8Array): this {
    this.room(bytes.length);
    this.data.set(bytes, this.used);
    this.used += bytes.length;
    return this;
  }

  uint32(value: number): this {
    return this.fixed(4, view => view.setUint32(0, value, true));
  }

  double(field: number, value: number): this {
    return this.varint((field << 3) | 1).fixed(8, view => view.setFloat64(0, value, true));
  }

  float(field: number, value: number): this {
    return this.varint((field << 3) | 5).fixed(4, view => view.setFloat32(0, value, true));
  }

  integer(field: number, value: number): this {
    return this.varint(field << 3).varint(Math.max(0, Math.trunc(value)));
  }

  text(field: number, value: string): this {
    return this.message(field, Buffer.from(value, 'utf8'));
  }

  message(field: number, bytes: Uint8Array): this {
    return this.varint((field << 3) | 2).varint(bytes.length).raw(bytes);
  }

  /** Up to 2⁵³. */
  private varint(value: number): this {
    let rest = value;
    do {
      const low = rest % 128;
      rest = Math.floor(rest / 128);
      this.room(1);
      this.data[this.used++] = rest > 0 ? low | 128 : low;
    } while (rest > 0);
    return this;
  }

  private fixed(size: number, write: (view: DataView) => void): this {
    this.room(size);
    write(new DataView(this.data.buffer, this.used, size));
    this.used += size;
    return this;
  }

  private room(more: number): void {
    if (this.used + more <= this.data.length) return;
    const grown = new Uint8Array(Math.max(this.used + more, this.data.length * 2));
    grown.set(this.data.subarray(0, this.used));
    this.data = grown;
  }
}
