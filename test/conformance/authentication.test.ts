import { describe, expect, it } from 'vitest';
import { serviceModel, serviceModels } from '../../src/main/model/load.ts';
import { gatherOperations } from '../../src/main/server/operations.ts';
import { notBuilt } from '../../src/main/services/family.ts';
import { families } from '../../src/main/bench/families.ts';

describe('how callers of each operation show who they are', () => {
  it.each(families.map((family) => [family.service, family.name, family] as const))(
    'unsigned in the model means unsigned in %s %s',
    (service, _name, { rows }) => {
      for (const [operation, { auth = 'signature' }] of Object.entries(rows)) {
        const { unsigned } = serviceModel(service).operations.get(operation)!;
        expect([operation, auth === 'signature']).toEqual([operation, !unsigned]);
      }
    },
  );

  it('an operation that needs an access token is let in by it, and no other', () => {
    for (const { service, rows } of families) {
      for (const [operation, { auth = 'signature' }] of Object.entries(rows)) {
        const token = serviceModel(service)
          .operations.get(operation)!
          .input.members.find(({ name }) => name === 'AccessToken');
        if (token?.required) expect([operation, auth]).toEqual([operation, 'access-token']);
        if (auth === 'access-token') expect([operation, token?.name]).toEqual([operation, 'AccessToken']);
      }
    }
  });

  it('a bench does not start with a row that lets callers in another way than the model', () => {
    const change = (service: string, operation: string, auth: 'anyone' | undefined) => (): unknown =>
      gatherOperations(
        serviceModels(),
        families.map((family) =>
          family.service === service && operation in family.rows
            ? Object.assign({}, family, { rows: { ...family.rows, [operation]: notBuilt('x', auth) } })
            : family,
        ),
      );
    expect(change('cognito-idp', 'SignUp', undefined)).toThrow(
      'SignUp is unsigned in the model, but its row says signature',
    );
    expect(change('cognito-idp', 'AdminGetUser', 'anyone')).toThrow(
      'AdminGetUser is signed in the model, but its row says anyone',
    );
  });
});
