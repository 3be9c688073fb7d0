import { describe, expect, it } from 'vitest';
import { serviceModel, serviceModels } from '../../src/main/model/load.ts';
import { gatherOperations, ROW_SERVICES } from '../../src/main/server/operations.ts';
import { notBuilt } from '../../src/main/services/family.ts';
import { families } from '../../src/main/bench/families.ts';

describe('operations of the models and rows of the services', () => {
  it.each(ROW_SERVICES)('every operation of %s has exactly one row', (service) => {
    const rows = families.filter((family) => family.service === service).flatMap(({ rows: own }) => Object.keys(own));
    expect(rows.toSorted()).toEqual([...serviceModel(service).operations.keys()].toSorted());
  });

  it('a bench does not start with an operation that has no row', () => {
    const [first, ...rest] = families;
    const name = Object.keys(first!.rows)[0]!;
    const { [name]: _, ...rows } = first!.rows;
    expect(() => gatherOperations(serviceModels(), [{ ...first!, rows }, ...rest])).toThrow(
      `${first!.service} ${name} has no row`,
    );
  });

  it('a bench does not start with a row that has no operation, or with two for one', () => {
    const extra = {
      service: 'sts' as const,
      name: 'extra',
      rows: { Dance: notBuilt('x'), GetCallerIdentity: notBuilt('x') },
    };
    const start = (): unknown => gatherOperations(serviceModels(), [...families, extra]);
    expect(start).toThrow('sts extra has a row Dance, which the model does not know');
    expect(start).toThrow('sts GetCallerIdentity has two rows');
  });
});
