import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOST_LOGINS, planLinks, type Candidate } from '../../../src/main/services/identity-pools/linking.ts';

function login(provider: string, user = provider) {
  return { provider, digest: `${provider}/${user}` };
}

function identity(id: string, age: number, ...logins: ReturnType<typeof login>[]): Candidate {
  return { id, createdAt: new Date(1_000_000 - age), logins };
}

const guest = identity('guest', 0);
const x = identity('x', 1, login('a'));
const y = identity('y', 2, login('b'));
const z = identity('z', 3, login('c'));
const own = (owner: Candidate) => ({ login: owner.logins[0]!, owner });
const fresh = (provider: string, user?: string) => ({ login: login(provider, user) });

describe('which identity logins lead to', () => {
  it.each([
    ['[IP-LINK-1] a new login makes an identity', undefined, [fresh('a')], { link: 1, absorb: [] }],
    ['[IP-LINK-1] a known login leads to its owner', undefined, [own(x)], { survivor: 'x', link: 0, absorb: [] }],
    [
      '[IP-LINK-1] a new login beside a known one is linked',
      undefined,
      [fresh('n'), own(x)],
      { survivor: 'x', link: 1 },
    ],
    [
      '[IP-LINK-4] of several owners the oldest survives',
      undefined,
      [own(x), own(z), own(y)],
      { survivor: 'z', absorb: ['x', 'y'] },
    ],
    ['[IP-LINK-2] a guest with a new login stays', guest, [fresh('a')], { survivor: 'guest', link: 1, absorb: [] }],
    ['[IP-LINK-3] a guest goes into the owner', guest, [own(x)], { survivor: 'x', link: 0, absorb: ['guest'] }],
    [
      '[IP-LINK-3] and new logins go with it',
      guest,
      [own(x), fresh('n')],
      { survivor: 'x', link: 1, absorb: ['guest'] },
    ],
    ['[IP-LINK-1] an identity with its own login', x, [own(x)], { survivor: 'x', link: 0, absorb: [] }],
    ['[IP-LINK-1] and a new one beside it', x, [own(x), fresh('n')], { survivor: 'x', link: 1, absorb: [] }],
    ['[IP-LINK-4] the identity asked for survives an older one', x, [own(x), own(z)], { survivor: 'x', absorb: ['z'] }],
  ])('%s', (_title, asked, shown, expected) => {
    const plan = planLinks(asked, shown);
    expect(plan).toMatchObject({ do: 'use' });
    if (plan.do !== 'use') return;
    const { link, ...rest } = { link: plan.link.length, survivor: plan.survivor, absorb: plan.absorb.toSorted() };
    expect({ link, ...rest }).toMatchObject(expected);
  });

  it.each([
    ['[IP-LINK-6] only new logins', x, [fresh('n')], 'no-login-matches'],
    ['[IP-LINK-6] only logins of another', x, [own(y)], 'no-login-matches'],
    ['[IP-LINK-5] another user of the same provider', x, [own(x), fresh('a', 'other')], 'conflict'],
    [
      '[IP-LINK-5] owners that share a provider',
      undefined,
      [own(x), own(identity('w', 9, login('b'), login('a', 'w')))],
      'conflict',
    ],
    ['[IP-LINK-5] two new users of one provider', undefined, [fresh('a', '1'), fresh('a', '2')], 'conflict'],
    [
      '[IP-LINK-5] more logins than an identity may have',
      undefined,
      Array.from({ length: MOST_LOGINS + 1 }, (_, index) => fresh(`p${index}`)),
      'conflict',
    ],
  ])('%s is refused', (_title, asked, shown, because) => {
    expect(planLinks(asked, shown)).toMatchObject({ do: 'refuse', because });
  });

  it('[IP-LINK-4] never loses a login, and never merges an identity into itself', () => {
    const owners = [x, y, z];
    fc.assert(
      fc.property(
        fc.constantFrom(undefined, guest, ...owners),
        fc.subarray(owners),
        fc.subarray(['n1', 'n2']),
        (asked, known, added) => {
          const plan = planLinks(asked, [...known.map(own), ...added.map((name) => fresh(name))]);
          if (plan.do === 'refuse') return;
          expect(plan.absorb).not.toContain(plan.survivor);
          expect(plan.link.map(({ provider }) => provider)).toEqual(added);
          for (const { id } of known) expect([plan.survivor, ...plan.absorb]).toContain(id);
        },
      ),
    );
  });
});
