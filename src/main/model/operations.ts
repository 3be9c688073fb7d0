import { ShapeLinker, type RawModel, type RawOperation, type Shape, type StructureShape } from './shapes.ts';

/** One operation of a pinned model, with its shapes linked on first use. */
export class Operation {
  readonly name: string;
  readonly service: ServiceModel;
  readonly method: string;
  /** `/`, or a path with `{Member}` parts. */
  readonly path: string;
  readonly status: number;
  readonly unsigned: boolean;
  /** Result element of the query protocol. */
  readonly resultWrapper: string | undefined;
  readonly declaredErrors: ReadonlySet<string>;
  /** Whether the model lists the operation's errors at all; newer operations come without a list. */
  readonly declaresErrors: boolean;
  readonly #raw: RawOperation;
  #input: StructureShape | undefined;
  #output: StructureShape | null | undefined;

  constructor(service: ServiceModel, name: string, raw: RawOperation) {
    this.service = service;
    this.name = name;
    this.#raw = raw;
    this.method = raw.http.method;
    this.path = raw.http.requestUri;
    this.status = raw.http.responseCode ?? 200;
    this.unsigned = raw.unsigned === true;
    this.resultWrapper = raw.output?.resultWrapper;
    this.declaredErrors = new Set(raw.errors);
    this.declaresErrors = raw.errors !== undefined && raw.errors.length > 0;
  }

  get input(): StructureShape {
    this.#input ??= this.#raw.input
      ? structure(this.service.shape(this.#raw.input.shape))
      : { type: 'structure', name: `${this.name}Request`, sensitive: false, members: [] };
    return this.#input;
  }

  /** `null` where the model has no output shape: the answer's body is empty. */
  get output(): StructureShape | null {
    if (this.#output === undefined) {
      this.#output = this.#raw.output ? structure(this.service.shape(this.#raw.output.shape)) : null;
    }
    return this.#output;
  }
}

function structure(shape: Shape): StructureShape {
  if (shape.type !== 'structure') throw new Error(`${shape.name} is not a structure`);
  return shape;
}

export interface ErrorBinding {
  /** The code on the wire, where the query protocol gives another one than the shape's name. */
  readonly code: string;
  readonly status: number | undefined;
  /** Marked by the model as the server's own fault. */
  readonly serverFault: boolean;
}

export class ServiceModel {
  /** Endpoint prefix, which is also the signing name and the prefix of IAM actions. */
  readonly name: string;
  readonly protocol: RawModel['metadata']['protocol'];
  readonly apiVersion: string;
  readonly targetPrefix: string | undefined;
  /** Of the JSON protocol. */
  readonly jsonVersion: string;
  readonly xmlNamespace: string;
  readonly fullName: string;
  readonly operations: ReadonlyMap<string, Operation>;
  readonly #raw: RawModel;
  readonly #linker: ShapeLinker;

  constructor(name: string, raw: RawModel) {
    this.name = name;
    this.#raw = raw;
    this.#linker = new ShapeLinker(raw.shapes);
    this.protocol = raw.metadata.protocol;
    this.apiVersion = raw.metadata.apiVersion;
    this.targetPrefix = raw.metadata.targetPrefix;
    this.jsonVersion = raw.metadata.jsonVersion ?? '1.1';
    this.xmlNamespace = raw.metadata.xmlNamespace ?? '';
    this.fullName = raw.metadata.serviceFullName;
    this.operations = new Map(
      Object.entries(raw.operations).map(([operation, entry]) => [operation, new Operation(this, operation, entry)]),
    );
  }

  shape(name: string): Shape {
    return this.#linker.shape(name);
  }

  /** How the model binds an error to code and status; `undefined` for one that it does not have. */
  error(name: string): ErrorBinding | undefined {
    const raw = Object.hasOwn(this.#raw.shapes, name) ? this.#raw.shapes[name] : undefined;
    if (!raw?.exception) return undefined;
    return { code: raw.error?.code ?? name, status: raw.error?.httpStatusCode, serverFault: raw.fault === true };
  }
}

export interface PathMatch {
  readonly operation: Operation;
  /** Decoded path members. */
  readonly path: { readonly [member: string]: string };
}

interface PathPattern {
  readonly operation: Operation;
  readonly segments: readonly { readonly member: string | undefined; readonly text: string }[];
}

/** Finds operations by what requests carry: target, action, or method and path. Built once from the models. */
export class OperationIndex {
  readonly #byTarget = new Map<string, ServiceModel>();
  readonly #query: ServiceModel[] = [];
  /** Its paths are people's own, so nothing here tells its requests apart. */
  readonly s3: ServiceModel;
  /** By number of segments. */
  readonly #patterns = new Map<number, PathPattern[]>();

  constructor(models: Iterable<ServiceModel>) {
    let s3: ServiceModel | undefined;
    for (const model of models) {
      if (model.protocol === 'rest-xml') s3 = model;
      if (model.protocol === 'json' && model.targetPrefix) {
        this.#byTarget.set(model.targetPrefix, model);
        // CloudTrail's is a long one, of which some SDKs send the last part alone.
        this.#byTarget.set(model.targetPrefix.slice(model.targetPrefix.lastIndexOf('.') + 1), model);
      } else if (model.protocol === 'query') this.#query.push(model);
      else if (model.protocol === 'rest-json') {
        for (const operation of model.operations.values()) {
          const made = pattern(operation);
          const sameLength = this.#patterns.get(made.segments.length) ?? [];
          sameLength.push(made);
          this.#patterns.set(made.segments.length, sameLength);
        }
      }
    }
    if (!s3) throw new Error('there is no pinned model of S3');
    this.s3 = s3;
  }

  /** `AWSCognitoIdentityProviderService.SignUp` */
  byTarget(target: string): Operation | undefined {
    const dot = target.lastIndexOf('.');
    return this.#byTarget.get(target.slice(0, dot))?.operations.get(target.slice(dot + 1));
  }

  /** The service that a target names, for errors that name no operation that is known. */
  targetService(target: string): ServiceModel | undefined {
    return this.#byTarget.get(target.slice(0, target.lastIndexOf('.')));
  }

  /** `Action` and `Version`; services of the query protocol share one path, so the version tells them apart. */
  byAction(action: string, version: string | undefined): Operation | undefined {
    for (const model of this.#query) {
      if (version !== undefined && version !== model.apiVersion) continue;
      const operation = model.operations.get(action);
      if (operation) return operation;
    }
    return undefined;
  }

  /** The query service with this version, for errors that name no operation. */
  queryService(version: string | undefined): ServiceModel {
    return this.#query.find((model) => model.apiVersion === version) ?? this.#query[0]!;
  }

  /** The operation at a raw path, or `wrong-method` where the path exists for other methods only. */
  byPath(method: string, rawPath: string): PathMatch | 'wrong-method' | undefined {
    const segments = rawPath.split('/');
    if (segments.at(-1) === '' && segments.length > 2) segments.pop();
    let sawPath = false;
    for (const candidate of this.#patterns.get(segments.length) ?? []) {
      const path = matchPath(candidate, segments);
      if (!path) continue;
      if (candidate.operation.method === method) return { operation: candidate.operation, path };
      sawPath = true;
    }
    return sawPath ? 'wrong-method' : undefined;
  }
}

function pattern(operation: Operation): PathPattern {
  const path = operation.path.split('?')[0]!.replace(/(.)\/$/, '$1');
  return {
    operation,
    segments: path.split('/').map((text) => ({ member: /^\{([^}+]+)\+?\}$/.exec(text)?.[1], text })),
  };
}

function matchPath({ segments: expected }: PathPattern, segments: readonly string[]): PathMatch['path'] | undefined {
  // First the fixed parts, so that nothing is decoded for the patterns that do not fit.
  for (const [index, { member, text }] of expected.entries()) {
    if (member === undefined ? text !== segments[index] : segments[index] === '') return undefined;
  }
  const path: { [member: string]: string } = {};
  for (const [index, { member }] of expected.entries()) {
    if (member !== undefined) path[member] = decode(segments[index]!);
  }
  return path;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // A stray percent sign; the value as sent fails the member's own pattern with a message that shows it.
    return segment;
  }
}
