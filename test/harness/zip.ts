import { crc32, deflateRawSync } from 'node:zlib';

interface Options {
  readonly method?: 'stored' | 'deflated';
  readonly methodNumber?: number;
  readonly flags?: number;
  /** Paths that are marked as symbolic links. */
  readonly links?: readonly string[];
  readonly damage?: boolean;
}

/** A zip archive as an infrastructure script would send it. */
export function zip(files: { readonly [path: string]: string }, options: Options = {}): Buffer {
  const { method = 'deflated', flags = 0, links = [], damage = false } = options;
  const number = options.methodNumber ?? (method === 'stored' ? 0 : 8);
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [path, content] of Object.entries(files)) {
    const name = Buffer.from(path);
    const bytes = Buffer.from(content);
    const packed = method === 'stored' ? Buffer.from(bytes) : deflateRawSync(bytes);
    if (damage) packed[0] = packed[0]! ^ 0xff;
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(flags, 2);
    shared.writeUInt16LE(number, 4);
    shared.writeUInt32LE(crc32(bytes), 10);
    shared.writeUInt32LE(packed.length, 14);
    shared.writeUInt32LE(bytes.length, 18);
    shared.writeUInt16LE(name.length, 22);
    local.push(Buffer.from([0x50, 0x4b, 3, 4]), shared, name, packed);
    const rest = Buffer.alloc(14);
    if (links.includes(path)) rest.writeUInt32LE(0o120777 * 65_536, 6);
    rest.writeUInt32LE(offset, 10);
    // Made by a Unix tool, version 2.0.
    central.push(Buffer.from([0x50, 0x4b, 1, 2, 20, 3]), shared, rest, name);
    offset += 30 + name.length + packed.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(files).length, 8);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, directory, end]);
}
