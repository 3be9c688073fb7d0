import { describe, expect, it } from 'vitest';
import { LocalCache, UNKNOWN_IDENTITY } from '../../src/main/devices/local-cache.ts';
import schema from '../../src/main/devices/schema.sql?raw';
import { openDatabase } from '../../src/main/store/database.ts';

const GUEST = 'us-east-1:11111111-1111-4111-8111-111111111111';
const ALICE = 'us-east-1:22222222-2222-4222-8222-222222222222';

function openCache(): LocalCache {
  const database = openDatabase(':memory:');
  database.exec(schema);
  return new LocalCache(database);
}

const values = (cache: LocalCache, identityId: string, dataset: string): unknown =>
  Object.fromEntries(cache.records(identityId, dataset).map(({ key, value }) => [key, value]));

describe('a device’s cache when the identity changes', () => {
  it('[DV-IDENT-5] gives what was kept before the first identity to it', () => {
    const cache = openCache();
    cache.change(UNKNOWN_IDENTITY, 'prefs', 'volume', '11', 1);
    cache.changeIdentity(UNKNOWN_IDENTITY, GUEST);
    expect(values(cache, GUEST, 'prefs')).toEqual({ volume: '11' });
    expect(cache.datasets(UNKNOWN_IDENTITY)).toEqual([]);
  });

  it('[DV-IDENT-5] keeps it apart where the identity has that dataset already', () => {
    const cache = openCache();
    cache.change(ALICE, 'prefs', 'volume', '3', 1);
    cache.change(UNKNOWN_IDENTITY, 'prefs', 'volume', '11', 2);
    cache.changeIdentity(UNKNOWN_IDENTITY, ALICE);
    expect(values(cache, ALICE, 'prefs')).toEqual({ volume: '3' });
    expect(values(cache, ALICE, 'prefs.unknown')).toEqual({ volume: '11' });
  });

  it('[DV-IDENT-6] [DV-IDENT-7] copies a guest’s records as new changes and keeps the originals under the old name', () => {
    const cache = openCache();
    const guest = cache.forIdentity(GUEST, () => 1);
    guest.store(
      'prefs',
      [
        { key: 'theme', value: 'dark', syncCount: 4, modifiedAt: 1, modified: false },
        { key: 'volume', value: '5', syncCount: 4, modifiedAt: 1, modified: false },
        { key: 'removed', value: null, syncCount: 4, modifiedAt: 1, modified: false },
      ],
      4,
    );
    cache.change(ALICE, 'prefs', 'volume', '11', 2);

    cache.changeIdentity(GUEST, ALICE);

    expect(cache.record(ALICE, 'prefs', 'theme')).toMatchObject({ value: 'dark', syncCount: 0, modified: true });
    expect(values(cache, ALICE, 'prefs')).toEqual({ theme: 'dark', volume: '11' });
    expect(values(cache, ALICE, `prefs.${GUEST}`)).toEqual({ theme: 'dark', volume: '5', removed: null });
    expect(cache.dataset(ALICE, `prefs.${GUEST}`)).toMatchObject({ lastSyncCount: 0, isSubscribed: false });
    expect(cache.datasets(GUEST)).toEqual([]);
  });
});
