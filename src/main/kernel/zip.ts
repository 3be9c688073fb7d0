import { crc32, inflateRawSync } from 'node:zlib';

export interface ZipEntry {
  /** With slashes, below the archive's root. */
  readonly path: string;
  readonly bytes: Buffer;
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const STORED = 0;
const DEFLATED = 8;

/** Lambda's limit for an unpacked function. */
const MOST_BYTES = 250 * 1024 * 1024;

/**
 * The files of a zip archive, by its central directory: stored and deflated entries, as every tool makes them for
 * Lambda. Folders, links, encryption and archives of more than 4 GB are none of it.
 *
 * @throws Error with a sentence where the bytes are no such archive
 */
export function unzip(archive: Uint8Array): ZipEntry[] {
  const bytes = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength);
  const end = findEnd(bytes);
  const count = bytes.readUInt16LE(end + 10);
  const entries: ZipEntry[] = [];
  let left = MOST_BYTES;
  let at = bytes.readUInt32LE(end + 16);
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== CENTRAL)
      throw new Error('The archive’s directory is cut off');
    const nameLength = bytes.readUInt16LE(at + 28);
    const path = bytes.toString('utf8', at + 46, at + 46 + nameLength).replaceAll('\\', '/');
    const size = bytes.readUInt32LE(at + 24);
    const isPlainFile = !path.endsWith('/') && !isLink(bytes, at);
    if (isPlainFile) {
      if (!staysInside(path)) throw new Error(`The archive holds a file outside of itself: ${path}`);
      if ((left -= size) < 0) throw new Error('The unpacked archive is larger than 250 MB');
      entries.push({ path, bytes: unpack(bytes, at, path, size) });
    }
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return entries;
}

function findEnd(bytes: Buffer): number {
  const first = Math.max(0, bytes.length - END_BYTES - LONGEST_COMMENT);
  for (let at = bytes.length - END_BYTES; at >= first; at -= 1) if (bytes.readUInt32LE(at) === END) return at;
  throw new Error('The bytes are not a zip archive');
}

/** Symbolic links carry their kind in the upper half of the external attributes, where a Unix tool wrote them. */
function isLink(bytes: Buffer, at: number): boolean {
  const isUnix = bytes[at + 5] === 3;
  return isUnix && (bytes.readUInt16LE(at + 40) & 0o170000) === 0o120000;
}

function staysInside(path: string): boolean {
  return path !== '' && !path.startsWith('/') && !/^[A-Za-z]:/.test(path) && !path.split('/').includes('..');
}

function unpack(bytes: Buffer, at: number, path: string, size: number): Buffer {
  const isEncrypted = (bytes.readUInt16LE(at + 8) & 1) === 1;
  if (isEncrypted) throw new Error(`${path} is encrypted`);
  const method = bytes.readUInt16LE(at + 10);
  const packedSize = bytes.readUInt32LE(at + 20);
  const local = bytes.readUInt32LE(at + 42);
  if (local + 30 > bytes.length || bytes.readUInt32LE(local) !== LOCAL) throw new Error(`${path} is missing`);
  const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
  const packed = bytes.subarray(start, start + packedSize);
  if (packed.length < packedSize) throw new Error(`${path} is cut off`);
  if (method !== STORED && method !== DEFLATED) throw new Error(`${path} is packed in a way that Lambda does not know`);
  let unpacked;
  try {
    unpacked = method === STORED ? Buffer.from(packed) : inflateRawSync(packed, { maxOutputLength: Math.max(size, 1) });
  } catch {
    throw new Error(`${path} cannot be unpacked`);
  }
  if (unpacked.length !== size || crc32(unpacked) !== bytes.readUInt32LE(at + 16))
    throw new Error(`${path} is damaged`);
  return unpacked;
}
