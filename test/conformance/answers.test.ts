import { describe, expect, it } from 'vitest';
import { fault, type FaultCode } from '../../src/main/kernel/fault.ts';
import { outputMisfits } from '../../src/main/model/answers.ts';
import { serviceModels } from '../../src/main/model/load.ts';
import type { ServiceModel } from '../../src/main/model/operations.ts';
import { awsJson } from '../../src/main/server/protocols/aws-json.ts';
import { queryXml } from '../../src/main/server/protocols/query-xml.ts';
import { restJson } from '../../src/main/server/protocols/rest-json.ts';
import { restXml } from '../../src/main/server/protocols/rest-xml.ts';
import { sample } from './samples.ts';

const dialects = { json: awsJson, 'rest-json': restJson, 'rest-xml': restXml, query: queryXml };
const models = [...serviceModels()];

function declared(model: ServiceModel): string[] {
  const codes = new Set<string>();
  for (const { declaredErrors } of model.operations.values()) for (const code of declaredErrors) codes.add(code);
  return [...codes];
}

describe('answers of every operation', () => {
  it.each(models)('of %s fit when every member is set, and do not when one is strange', (_name, model) => {
    for (const operation of model.operations.values()) {
      if (operation.output === null) continue;
      const value = sample(operation.output) as object;
      expect([operation.name, outputMisfits(operation, value)]).toEqual([operation.name, []]);
      expect(outputMisfits(operation, { ...value, Strange: 1 })).toEqual(['Strange is not in the model']);
    }
  });

  it.each(models)('of %s name errors that the model has, each with a status of its own kind', (_name, model) => {
    for (const code of declared(model)) {
      const binding = model.error(code);
      expect([code, binding === undefined]).toEqual([code, false]);
      const { status } = dialects[model.protocol].encodeFault(model, fault(code as FaultCode, 'x'), 'id');
      expect([code, status >= 500]).toEqual([code, binding!.serverFault || (binding!.status ?? 0) >= 500]);
    }
  });

  it('[PR-ANSWER-3] of user and identity pools are 400 for whatever is the caller’s doing', () => {
    for (const name of ['cognito-idp', 'cognito-identity']) {
      const model = serviceModels().get(name)!;
      for (const code of declared(model)) {
        if (model.error(code)!.serverFault) continue;
        expect([code, awsJson.encodeFault(model, fault(code as FaultCode, 'x'), 'id').status]).toEqual([code, 400]);
      }
    }
  });
});
