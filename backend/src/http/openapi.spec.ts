import * as z from 'zod/mini';
import { befriend, openBrowser, signUp } from '../testing/browser.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { ROUTES } from './routes.ts';

const operation = z.looseObject({
  summary: z.string(),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  parameters: z.array(
    z.strictObject({
      name: z.string(),
      in: z.enum(['path', 'query']),
      required: z.boolean(),
      schema: z.looseObject({ type: z.enum(['string', 'integer']) }),
    }),
  ),
  responses: z.record(z.string().check(z.regex(/^[2345]\d\d$/)), z.looseObject({ description: z.string() })),
});
const openApi = z.strictObject({
  openapi: z.literal('3.1.0'),
  info: z.strictObject({ title: z.string(), version: z.string(), description: z.string() }),
  paths: z.record(
    z.string().check(z.regex(/^\/api\//)),
    z.record(z.enum(['get', 'post', 'put', 'patch', 'delete']), z.optional(operation)),
  ),
  components: z.looseObject({ schemas: z.looseObject({ problem: z.looseObject({}) }) }),
});

describe('the OpenAPI document', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.stop());

  it('R1c has every route, its parameters, and a schema for all that goes in and out', async () => {
    const { status, body } = await openBrowser(server.origin).ask('GET', '/api/openapi.json');
    expect(status).toBe(200);
    const document = openApi.parse(body);
    for (const route of ROUTES) {
      const found = document.paths[route.path.replace(/:(\w+)/g, '{$1}')]?.[route.method];
      expect(found).withContext(route.path).toBeDefined();
      expect(found?.security.length).toBe(route.access === 'public' ? 0 : 1);
      const inPath = [...route.path.matchAll(/:(\w+)/g)].map(match => match[1] ?? '');
      const documented = found?.parameters.filter(parameter => parameter.in === 'path').map(({ name }) => name);
      expect(documented).withContext(route.path).toEqual(inPath);
      expect('requestBody' in (found ?? {})).toBe(route.body !== undefined || route.upload !== undefined);
      expect(Object.keys(found?.responses ?? {})).toContain('429');
    }
  });

  it('R1c tells the shapes that answers have', async () => {
    const ada = await signUp(server.origin, 'ada', 'Ada Lovelace');
    const bob = await signUp(server.origin, 'bob');
    await server.store.setRole(ada.id, 'admin');
    await befriend(ada, bob);
    await ada.ask('PUT', '/api/secrets', { json: { number: 1, sealed: { by: 'a key' } } });
    const plain = ROUTES.filter(({ method, path, answer }) => method === 'get' && answer && !path.includes(':'));
    for (const { path, query, answer } of plain) {
      const asked =
        query === undefined || path === '/api/devices' ? '' : `?search=ada&name=ada&limit=5&device=${'A'.repeat(43)}`;
      const { status, body } = await ada.ask('GET', path + asked);
      expect(status).withContext(path).toBe(200);
      const read = answer?.safeParse(body);
      expect(read?.success)
        .withContext(`${path} ${JSON.stringify(read?.error)}`)
        .toBeTrue();
      // Nothing is said beyond the shape.
      expect(read?.data).withContext(path).toEqual(body);
    }
  });
});
