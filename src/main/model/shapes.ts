/** The tables of resources/models as they are written, and the linked shapes that the bench works with. */

export interface RawReference {
  readonly shape: string;
  readonly location?: 'uri' | 'querystring' | 'header' | 'headers' | 'statusCode';
  readonly locationName?: string;
}

export interface RawShape {
  readonly type: string;
  readonly members?: { readonly [name: string]: RawReference };
  readonly required?: readonly string[];
  readonly member?: RawReference;
  readonly key?: RawReference;
  readonly value?: RawReference;
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly sensitive?: boolean;
  readonly document?: boolean;
  readonly flattened?: boolean;
  readonly exception?: boolean;
  readonly fault?: boolean;
  readonly payload?: string;
  readonly error?: { readonly code?: string; readonly httpStatusCode?: number };
}

export interface RawOperation {
  readonly http: { readonly method: string; readonly requestUri: string; readonly responseCode?: number };
  readonly input?: { readonly shape: string };
  readonly output?: { readonly shape: string; readonly resultWrapper?: string };
  readonly errors?: readonly string[];
  readonly unsigned?: boolean;
  readonly source?: string;
}

export interface RawModel {
  readonly metadata: {
    readonly apiVersion: string;
    readonly endpointPrefix: string;
    readonly protocol: 'json' | 'rest-json' | 'rest-xml' | 'query';
    readonly targetPrefix?: string;
    readonly jsonVersion?: string;
    readonly xmlNamespace?: string;
    readonly serviceFullName: string;
  };
  readonly operations: { readonly [name: string]: RawOperation };
  readonly shapes: { readonly [name: string]: RawShape };
}

interface Named {
  readonly name: string;
  readonly sensitive: boolean;
}

export interface Member {
  readonly name: string;
  readonly shape: Shape;
  readonly required: boolean;
  /** `payload`: the whole body. `headers`: a map, each entry a header whose name begins with the wire name. */
  readonly location: 'body' | 'uri' | 'querystring' | 'header' | 'headers' | 'status' | 'payload';
  /** The name on the wire, where it differs from the member's. */
  readonly wireName: string;
}

export interface StructureShape extends Named {
  readonly type: 'structure';
  readonly members: readonly Member[];
}

export interface ListShape extends Named {
  readonly type: 'list';
  readonly item: Shape;
  /** Of an item's element in XML; without one the items stand in the place of the list. */
  readonly itemName: string | undefined;
  readonly min: number | undefined;
  readonly max: number | undefined;
}

export interface MapShape extends Named {
  readonly type: 'map';
  readonly key: Shape;
  readonly value: Shape;
  /** Names of an entry's parts in the query protocol. */
  readonly keyName: string;
  readonly valueName: string;
  readonly min: number | undefined;
  readonly max: number | undefined;
}

export interface StringShape extends Named {
  readonly type: 'string';
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly pattern: string | undefined;
  readonly values: readonly string[] | undefined;
}

export interface NumberShape extends Named {
  readonly type: 'integer' | 'long' | 'double';
  readonly min: number | undefined;
  readonly max: number | undefined;
}

export interface BlobShape extends Named {
  readonly type: 'blob';
  readonly min: number | undefined;
  readonly max: number | undefined;
}

export interface PlainShape extends Named {
  readonly type: 'boolean' | 'timestamp' | 'document';
}

export type Shape = StructureShape | ListShape | MapShape | StringShape | NumberShape | BlobShape | PlainShape;

/** Links the shapes of one model by reference; each is made on first use, since most are never asked for. */
export class ShapeLinker {
  readonly #raw: RawModel['shapes'];
  readonly #linked = new Map<string, Shape>();

  constructor(raw: RawModel['shapes']) {
    this.#raw = raw;
  }

  shape(name: string): Shape {
    const known = this.#linked.get(name);
    if (known) return known;
    const raw = this.#raw[name];
    if (!raw) throw new Error(`the service model names a shape that it does not have: ${name}`);
    const linked = this.#start(name, raw);
    // Registered before its parts are linked, so that a shape may contain itself.
    this.#linked.set(name, linked.shape);
    linked.finish();
    return linked.shape;
  }

  #start(name: string, raw: RawShape): { shape: Shape; finish: () => void } {
    const named = { name, sensitive: raw.sensitive === true };
    const limits = { min: raw.min, max: raw.max };
    const nothing = (): void => {};
    if (raw.document || raw.type === 'document') return { shape: { ...named, type: 'document' }, finish: nothing };
    switch (raw.type) {
      case 'structure': {
        const members: Member[] = [];
        const required = new Set(raw.required);
        return {
          shape: { ...named, type: 'structure', members },
          finish: () => {
            for (const [member, reference] of Object.entries(raw.members ?? {})) {
              const location = reference.location === 'statusCode' ? 'status' : reference.location;
              const inBody = raw.payload === member ? 'payload' : 'body';
              members.push({
                name: member,
                shape: this.shape(reference.shape),
                required: required.has(member),
                location: location ?? inBody,
                wireName: reference.locationName ?? member,
              });
            }
          },
        };
      }
      case 'list': {
        const itemName = raw.flattened ? undefined : (raw.member?.locationName ?? 'member');
        const shape = { ...named, ...limits, itemName, type: 'list' as const, item: undefined as unknown as Shape };
        return { shape, finish: () => void (shape.item = this.shape(raw.member!.shape)) };
      }
      case 'map': {
        const missing = undefined as unknown as Shape;
        const names = { keyName: raw.key?.locationName ?? 'key', valueName: raw.value?.locationName ?? 'value' };
        const shape = { ...named, ...limits, ...names, type: 'map' as const, key: missing, value: missing };
        return {
          shape,
          finish: () => {
            shape.key = this.shape(raw.key!.shape);
            shape.value = this.shape(raw.value!.shape);
          },
        };
      }
      case 'string':
        return {
          shape: { ...named, ...limits, type: 'string', pattern: raw.pattern, values: raw.enum },
          finish: nothing,
        };
      case 'integer':
      case 'long':
        return { shape: { ...named, ...limits, type: raw.type }, finish: nothing };
      case 'float':
      case 'double':
        return { shape: { ...named, ...limits, type: 'double' }, finish: nothing };
      case 'blob':
        return { shape: { ...named, ...limits, type: 'blob' }, finish: nothing };
      case 'boolean':
      case 'timestamp':
        return { shape: { ...named, type: raw.type }, finish: nothing };
      default:
        throw new Error(`the service model has a type that is not known here: ${raw.type} (${name})`);
    }
  }
}
