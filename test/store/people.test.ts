import { expect, it } from 'vitest';
import { openDatabase } from '../../src/main/store/database.ts';
import { migrate } from '../../src/main/store/migrate.ts';
import { migrations } from '../../src/main/store/migrations/index.ts';
import { AppClients } from '../../src/main/store/repositories/app-clients.ts';
import { UserSearchIndex } from '../../src/main/store/repositories/user-search.ts';

const AT = new Date('2026-01-01T00:00:00Z');
const BEFORE = migrations.findIndex(({ name }) => name === '0007-people');

it('what was stored before keeps its client secret, and is found by its attributes', () => {
  const database = openDatabase(':memory:');
  migrate(database, AT, migrations.slice(0, BEFORE));
  const account = '000000000000';
  const now = AT.getTime();
  database.exec(`
    INSERT INTO user_pools (id, account, region, name, settings, simulation_secret, created_at, modified_at)
      VALUES ('p', '${account}', 'us-east-1', 'p', '{}', x'00', ${now}, ${now});
    INSERT INTO app_clients (id, account, user_pool_id, name, secret, settings, created_at, modified_at)
      VALUES ('with', '${account}', 'p', 'c', 'hush', '{}', ${now}, ${now}),
             ('without', '${account}', 'p', 'c', NULL, '{}', ${now}, ${now});
    INSERT INTO users (account, user_pool_id, username, username_key, sub, status, attributes, created_at, modified_at)
      VALUES ('${account}', 'p', 'ann', 'ann', 's', 'CONFIRMED', '{"email":"Ann@Example.com","gender":"x"}', ${now}, ${now});
  `);
  migrate(database, AT);
  const clients = new AppClients(database);
  expect(clients.find('with')!.secrets).toEqual([{ id: `with--${now}`, value: 'hush', createdAt: AT }]);
  expect(clients.find('without')!.secrets).toEqual([]);
  const found = new UserSearchIndex(database).find({
    userPoolId: 'p',
    field: 'email',
    from: 'ann@example.com',
    to: 'ann@example.com',
    after: undefined,
    limit: 10,
  });
  expect(found).toEqual([{ key: 'ann@example.com', number: 1 }]);
  database.close();
});
