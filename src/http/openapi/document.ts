import { bug } from '../../model/errors.ts';
import { NAMED_SCHEMAS } from './named-schemas.ts';
import type { Answer, Operation, Parameter } from './operation.ts';
import { object, ref, type Schema } from './schema.ts';

/** A route and what it is. */
export interface DescribedRoute {
  readonly method: string;
  /** As fastify writes it: `/api/v1/label/:name/values`. */
  readonly url: string;
  readonly operation: Operation;
}

const FORM = 'application/x-www-form-urlencoded';

/** The parts of an OpenAPI document that follow from the routes. */
export function describeRoutes(routes: readonly DescribedRoute[]): Schema {
  const paths: Record<string, Record<string, Schema>> = {};
  for (const { method, url, operation } of routes) {
    const template = templateOf(url);
    paths[template] ??= {};
    paths[template][method.toLowerCase()] = operationOf(method, template, operation);
  }
  const shared = new Map<string, Schema>();
  for (const { operation } of routes)
    for (const parameter of operation.parameters ?? [])
      if (parameter.isShared === true) shared.set(parameter.name, parameterOf(parameter));
  const parameters = Object.fromEntries([...shared].map(([name, schema]) => [keyOf(name), schema]));
  return { paths, components: { parameters, schemas: NAMED_SCHEMAS } };
}

/** `/api/v1/label/{name}/values`. A star stands for the rest of the path, which OpenAPI has no word for. */
export function templateOf(url: string): string {
  return url.replaceAll(/:(\w+)/g, '{$1}').replace('*', '{rest}');
}

function operationOf(
  method: string,
  template: string,
  { summary, parameters = [], answer }: Operation,
): Schema {
  const words = template.split(/\W+/).filter((word) => word !== '' && word !== 'api' && word !== 'v1');
  // The page has paths of the same names as the API.
  const ofPage = answer.kind === 'text' && answer.type === 'text/html' ? ['page'] : [];
  const fields = parameters.filter(({ isInPath }) => isInPath !== true);
  const inUrl = method === 'POST' ? parameters.filter(({ isInPath }) => isInPath === true) : parameters;
  return {
    operationId: [method.toLowerCase(), ...ofPage, ...words].join('_'),
    summary,
    ...(inUrl.length > 0 && { parameters: inUrl.map(referenceTo) }),
    ...(method === 'POST' && fields.length > 0 && { requestBody: formOf(fields) }),
    responses: responsesOf(answer),
  };
}

function referenceTo(parameter: Parameter): Schema {
  return parameter.isShared === true
    ? { $ref: `#/components/parameters/${keyOf(parameter.name)}` }
    : parameterOf(parameter);
}

/** Names of components have no brackets. */
function keyOf(name: string): string {
  return name.replace('[]', '');
}

function parameterOf({ name, description, schema, isRequired = false, isInPath = false }: Parameter): Schema {
  return { name, in: isInPath ? 'path' : 'query', description, required: isRequired, schema };
}

/** None of it has to be in the form: the server takes it from the URL as well. */
function formOf(parameters: readonly Parameter[]): Schema {
  const members = parameters.map(({ name, schema }) => [`${name}?`, schema] as const);
  return { required: false, content: { [FORM]: { schema: object(Object.fromEntries(members)) } } };
}

function responsesOf(answer: Answer): Schema {
  const failure = { description: 'What is wrong.', content: json(ref('Error')) };
  switch (answer.kind) {
    case 'data':
      return {
        200: { description: 'The data.', content: json(envelopeOf(answer.data)) },
        ...(answer.mayBeEmpty === true && { 204: { description: 'There can be no data.' } }),
        default: failure,
      };
    case 'lines':
      return {
        200: {
          description: 'Batches of results, and then how it ended; each is a line of JSON.',
          content: { 'application/x-ndjson': { schema: { type: 'string' } } },
        },
        default: failure,
      };
    case 'text':
      return {
        default: { description: 'A text.', content: { [answer.type]: { schema: { type: 'string' } } } },
      };
    case 'nothing':
      return { 204: { description: 'There is nothing.' }, default: failure };
    case 'refusal':
      return { 403: failure };
    default:
      return bug('an answer of no kind');
  }
}

function envelopeOf(data: Schema): Schema {
  return object({
    status: { const: 'success' },
    data,
    'warnings?': ref('Remarks'),
    'infos?': ref('Remarks'),
  });
}

function json(schema: Schema): Schema {
  return { 'application/json': { schema } };
}
