import { describe, expect, it } from 'vitest';
import { unzip } from '../../src/main/kernel/zip.ts';
import { zip } from '../harness/zip.ts';

const text = (archive: Uint8Array): { [path: string]: string } =>
  Object.fromEntries(unzip(archive).map(({ path, bytes }) => [path, bytes.toString('utf8')]));

describe('a zip archive', () => {
  it('[FN-LAMBDA-2] gives its files, stored or deflated, and no folders or links', () => {
    const files = { 'index.js': 'exports.handler = 1;', 'lib/häuser.js': 'x'.repeat(5000), 'empty.txt': '' };
    expect(text(zip(files))).toEqual(files);
    expect(text(zip(files, { method: 'stored' }))).toEqual(files);
    expect(text(zip({ ...files, 'lib/': '' }))).toEqual(files);
    expect(text(zip({ 'a.js': '1', link: '/etc/passwd' }, { links: ['link'] }))).toEqual({ 'a.js': '1' });
  });

  it.each([
    ['something else', Buffer.from('not a zip at all, but long enough to look at'), 'not a zip archive'],
    ['nothing', Buffer.alloc(0), 'not a zip archive'],
    ['a cut off archive', zip({ a: 'b'.repeat(100) }).subarray(40), 'missing|cut off|damaged|directory'],
    ['a path that leads out', zip({ '../out.js': '1' }), 'outside of itself'],
    ['an absolute path', zip({ '/etc/out.js': '1' }), 'outside of itself'],
    ['another way of packing', zip({ a: '1' }, { methodNumber: 14 }), 'does not know'],
    ['an encrypted file', zip({ a: '1' }, { flags: 1 }), 'encrypted'],
    ['damaged bytes', zip({ a: 'hello' }, { method: 'stored', damage: true }), 'damaged'],
  ])('[FN-LAMBDA-2] refuses %s', (_what, archive, message) => {
    expect(() => unzip(archive)).toThrow(new RegExp(message));
  });

  it('[FN-LAMBDA-2] does not unpack more than it announces', () => {
    const bomb = zip({ a: 'x'.repeat(1000) });
    const announced = bomb.indexOf(Buffer.from([0x50, 0x4b, 1, 2])) + 24;
    bomb.writeUInt32LE(10, announced);
    expect(() => unzip(bomb)).toThrow('cannot be unpacked');
  });
});
