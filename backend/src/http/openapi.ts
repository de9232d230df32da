import * as z from 'zod/mini';
import { problem, type ProblemType } from '#protocol/api/problem';
import { PROBLEMS } from './problem.ts';
import { answer, open, type Route } from './route.ts';

type Json = Record<string, unknown>;

/** A zod shape as JSON Schema 2020-12, which is what OpenAPI 3.1 speaks. */
const schemaOf = (shape: z.ZodMiniType, io: 'input' | 'output'): Json => {
  const { $schema: _, ...schema } = z.toJSONSchema(shape, { io, unrepresentable: 'any' });
  return schema;
};

function parameters(route: Route): Json[] {
  const of = (where: 'path' | 'query', shape: z.ZodMiniType | undefined): Json[] => {
    if (shape === undefined) return [];
    const { properties = {}, required = [] } = z.toJSONSchema(shape, { io: 'input', unrepresentable: 'any' });
    return Object.entries(properties).map(([name, schema]) => ({
      name,
      in: where,
      schema,
      required: where === 'path' || required.includes(name),
    }));
  };
  return [...of('path', route.params), ...of('query', route.query)];
}

const binary = (types: readonly string[]): Json => Object.fromEntries(types.map(type => [type, {}]));

function requestBody(route: Route): Json {
  if (route.upload !== undefined) return { requestBody: { required: true, content: binary(route.upload.types) } };
  if (route.body === undefined) return {};
  return {
    requestBody: { required: true, content: { 'application/json': { schema: schemaOf(route.body, 'input') } } },
  };
}

function success(route: Route): Json {
  if (route.download !== undefined) return { 200: { description: 'The bytes', content: binary(route.download) } };
  if (route.answer === undefined) return { 204: { description: 'Done' } };
  const content = { 'application/json': { schema: schemaOf(route.answer, 'output') } };
  return { [route.status ?? 200]: { description: 'Done', content } };
}

/** What a route may refuse with, beside what concerns every one of them. */
function refusalsOf(route: Route): ProblemType[] {
  const takesBody = route.body !== undefined || route.upload !== undefined;
  return [
    ...(route.refusals ?? []),
    ...((route.params ?? route.query ?? route.body) ? (['bad-request'] as const) : []),
    ...(takesBody ? (['too-large', 'unsupported-media-type'] as const) : []),
    ...(route.access === 'signed-in' ? (['unauthorized'] as const) : []),
    ...(route.method === 'get' ? [] : (['forbidden'] as const)),
    'too-many-requests',
    'internal',
  ];
}

function problems(route: Route): Json {
  const byStatus = Map.groupBy(new Set(refusalsOf(route)), type => PROBLEMS[type].status);
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/problem' } } };
  return Object.fromEntries(
    [...byStatus].map(([status, types]) => [status, { description: types.join(', '), content }]),
  );
}

/** `/api/devices/:id` → `/api/devices/{id}` */
const templated = (path: string): string => path.replace(/:(\w+)/g, '{$1}');

/** The OpenAPI 3.1 document of the table's routes. */
export function openApiDocument(routes: readonly Route[], version: string): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const operation = {
      summary: route.summary,
      security: route.access === 'public' ? [] : [{ accessToken: [] }],
      parameters: parameters(route),
      ...requestBody(route),
      responses: { ...success(route), ...problems(route) },
    };
    paths[templated(route.path)] = { ...paths[templated(route.path)], [route.method]: operation };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Parley',
      version,
      description: 'The REST half of the protocol; backend/PROTOCOL.md has the rules.',
    },
    paths,
    components: {
      schemas: { problem: schemaOf(problem, 'output') },
      securitySchemes: { accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  };
}

/** The route that serves the document of `routes()`, itself among them; it is made once. */
export function openApiRoute(routes: () => readonly Route[]): Route {
  let made: Json | undefined;
  return open(
    {
      method: 'get',
      path: '/api/openapi.json',
      summary: 'This document',
      answer: z.record(z.string(), z.unknown()),
    },
    ({ version }) => answer((made ??= openApiDocument(routes(), version))),
  );
}
