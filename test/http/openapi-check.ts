import assert from 'node:assert/strict';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { FastifyInstance } from 'fastify';
import { parse } from 'yaml';

type Media = Readonly<Record<string, { readonly schema: object }>>;

export interface OpenapiParameter {
  readonly $ref?: string;
  readonly name: string;
  readonly in: 'path' | 'query';
}

export interface OpenapiOperation {
  readonly operationId: string;
  readonly parameters?: readonly OpenapiParameter[];
  readonly requestBody?: { readonly content: Media };
  readonly responses: Readonly<Record<string, { readonly content?: Media }>>;
}

export interface OpenapiDocument {
  readonly openapi: string;
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenapiOperation>>>>;
  readonly components: {
    readonly parameters: Readonly<Record<string, OpenapiParameter>>;
    readonly schemas: Readonly<Record<string, object>>;
  };
}

/** An answer to be held to the document. */
interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

export async function documentOf(
  server: FastifyInstance,
  url = '/api/v1/openapi.yaml',
): Promise<OpenapiDocument> {
  return parse((await server.inject(url)).body) as OpenapiDocument;
}

/** Holds answers to what a document says of them. */
export class OpenapiCheck {
  readonly #document: OpenapiDocument;
  readonly #ajv: Ajv2020;
  readonly #compiled = new Map<object, ValidateFunction>();

  constructor(document: OpenapiDocument) {
    this.#document = document;
    this.#ajv = new Ajv2020({
      strict: true,
      strictTypes: false,
      strictTuples: false,
      validateFormats: false,
    });
    this.#ajv.addKeyword('components');
    // The names of schemas are found from the root of the document.
    this.#ajv.addSchema({ $id: 'openapi', components: document.components });
  }

  /** Throws where the answer is other than described. True where the document has the call. */
  holds(method: string, url: string, answer: Answer): boolean {
    const operation = this.operationAt(method, url.split('?')[0]!);
    if (operation === undefined) return false;
    const { responses } = operation;
    const response = responses[String(answer.statusCode)] ?? responses['default'];
    assert.ok(response, `${method} ${url}: status ${answer.statusCode} is not described`);
    if (response.content === undefined) {
      assert.equal(answer.body, '', url);
      return true;
    }
    const type = String(answer.headers['content-type']).split(';')[0]!;
    const media = response.content[type];
    assert.ok(media, `${method} ${url}: the type ${type} is not described`);
    const value: unknown = type === 'application/json' ? JSON.parse(answer.body) : answer.body;
    const validate = this.#validatorOf(media.schema);
    assert.ok(validate(value), `${method} ${url}: ${this.#ajv.errorsText(validate.errors)}`);
    return true;
  }

  operationAt(method: string, path: string): OpenapiOperation | undefined {
    const { paths } = this.#document;
    const template = Object.keys(paths).find((each) => patternOf(each).test(path));
    return template === undefined ? undefined : paths[template]![method.toLowerCase()];
  }

  #validatorOf(schema: object): ValidateFunction {
    const known = this.#compiled.get(schema);
    if (known !== undefined) return known;
    const text = JSON.stringify(schema).replaceAll('"#/components', '"openapi#/components');
    const validate = this.#ajv.compile(JSON.parse(text) as object);
    this.#compiled.set(schema, validate);
    return validate;
  }
}

function patternOf(template: string): RegExp {
  return new RegExp(`^${template.replaceAll('.', String.raw`\.`).replaceAll(/\{\w+\}/g, '[^?]+')}$`);
}
