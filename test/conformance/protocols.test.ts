import { XMLParser } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { serviceModels } from '../../src/main/model/load.ts';
import { OperationIndex, type Operation } from '../../src/main/model/operations.ts';
import { readJson, writeJson } from '../../src/main/server/protocols/json-values.ts';
import { queryXml } from '../../src/main/server/protocols/query-xml.ts';
import { restJson } from '../../src/main/server/protocols/rest-json.ts';
import { addressOf, findS3Operation, type S3Address } from '../../src/main/server/protocols/s3-request.ts';
import { sample } from './samples.ts';

const models = [...serviceModels().values()];
const index = new OperationIndex(models);
const named = (protocol: string) =>
  models.filter((model) => model.protocol === protocol).map((model) => [model.name, model] as const);

/** The operations of S3 that share method and path are told apart by what they require. */
function s3Request({ method, path, input }: Operation): [Parameters<typeof addressOf>[0], S3Address] {
  const required = input.members.filter((member) => member.required);
  const at = (location: string): string[] =>
    required.filter((member) => member.location === location).map(({ wireName }) => wireName);
  const [place = '', search = ''] = path.replaceAll(/\{\w+\+?\}/g, 'a%3Ab').split('?');
  const query = [search, ...at('querystring').map((name) => `${name}=1`)].filter((part) => part !== '').join('&');
  const headers = Object.fromEntries(at('header').map((name) => [name.toLowerCase(), 'x']));
  const received = { method, path: place, query, headers };
  return [received, addressOf(received)];
}

describe('every operation of every pinned model', () => {
  it.each(models.map((model) => [model.name, model] as const))(
    'of %s is found by what its requests carry',
    (_name, model) => {
      for (const operation of model.operations.values()) {
        if (model.protocol === 'json')
          expect(index.byTarget(`${model.targetPrefix}.${operation.name}`)).toBe(operation);
        else if (model.protocol === 'query') expect(index.byAction(operation.name, model.apiVersion)).toBe(operation);
        else if (model.protocol === 'rest-xml') expect(findS3Operation(...s3Request(operation), model)).toBe(operation);
        else {
          const match = index.byPath(operation.method, operation.path.replaceAll(/\{\w+\}/g, 'a%3Ab'));
          expect([operation.name, match !== 'wrong-method' && match?.operation]).toEqual([operation.name, operation]);
        }
      }
    },
  );

  it.each([...named('json'), ...named('rest-json')])('of %s survives JSON both ways', (_name, { operations }) => {
    for (const { input, output } of operations.values()) {
      for (const shape of output ? [input, output] : [input]) {
        const body = shape.members.filter(({ location }) => location === 'body').map(({ name }) => name);
        const value = sample(shape) as { [name: string]: unknown };
        const wire: unknown = JSON.parse(JSON.stringify(writeJson(shape, value)));
        const back = readJson(shape, wire) as { [name: string]: unknown };
        for (const name of body) expect(back[name]).toEqual(value[name]);
      }
    }
  });

  it.each(named('rest-json'))('of %s reads path, query, headers and body', (_name, { operations }) => {
    for (const operation of operations.values()) {
      const value = sample(operation.input) as { [name: string]: unknown };
      const at = (location: string): [string, string][] =>
        operation.input.members
          .filter((member) => member.location === location)
          .map(({ name, wireName }) => [wireName, String(value[name])]);
      const payload = operation.input.members.find(({ location }) => location === 'payload');
      const received = {
        method: operation.method,
        path: '',
        query: at('querystring')
          .map((pair) => pair.map(encodeURIComponent).join('='))
          .join('&'),
        headers: Object.fromEntries(at('header').map(([name, text]) => [name.toLowerCase(), text])),
        body: payload
          ? Buffer.from(value[payload.name] as Uint8Array)
          : Buffer.from(JSON.stringify(writeJson(operation.input, value))),
      };
      expect(restJson.decode(operation, received, Object.fromEntries(at('uri'))).input).toEqual(value);
    }
  });

  it.each(named('query'))('of %s reads forms and writes XML that a parser reads back', (_name, { operations }) => {
    const parser = new XMLParser({ parseTagValue: false, trimValues: false });
    for (const operation of operations.values()) {
      const value = sample(operation.input);
      const form = new URLSearchParams([...flatten(value, '')]);
      const received = { method: 'POST', path: '/', query: '', headers: {}, body: Buffer.from(form.toString()) };
      expect(queryXml.decode(operation, received, {}).input).toEqual(value);

      const output = operation.output && (sample(operation.output) as { [name: string]: unknown });
      const parsed = parser.parse(queryXml.encodeOutput(operation, output, 'id').text) as {
        [root: string]: { [name: string]: unknown };
      };
      const root = parsed[`${operation.name}Response`]!;
      const result = operation.resultWrapper ? (root[operation.resultWrapper] as { [name: string]: unknown }) : root;
      for (const [name, inner] of Object.entries(output ?? {})) {
        if (typeof inner === 'string' || typeof inner === 'number') expect(result[name]).toBe(String(inner));
        if (Array.isArray(inner)) expect((result[name] as { member: unknown[] }).member).toHaveLength(inner.length);
      }
    }
  });
});

function* flatten(value: unknown, path: string): Iterable<[string, string]> {
  const below = (part: string): string => (path === '' ? part : `${path}.${part}`);
  if (value instanceof Date) yield [path, value.toISOString()];
  else if (value instanceof Uint8Array) yield [path, Buffer.from(value).toString('base64')];
  else if (Array.isArray(value))
    for (const [at, item] of value.entries()) yield* flatten(item, below(`member.${at + 1}`));
  else if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value)) {
      // The sample's maps have one key of this name.
      if (name === 'a key') {
        // SNS's model names the parts of these entries itself.
        const [key, held] = path.endsWith('MessageAttributes') ? ['Name', 'Value'] : ['key', 'value'];
        yield [below(`entry.1.${key}`), name];
        yield* flatten(inner, below(`entry.1.${held}`));
      } else yield* flatten(inner, below(name));
    }
  } else yield [path, String(value)];
}
