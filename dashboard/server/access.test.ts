import { request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { createFakeDeps } from './fake-deps.ts';
import { startTestServer, type TestServer } from './test-server.ts';

let server: TestServer;
afterEach(() => server.close());

const statusFor = (host: string) =>
  new Promise<number | undefined>((resolve, reject) => {
    request(`${server.url}/api/health`, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });

describe('with a token', () => {
  it('answers nobody without it but /healthz', async () => {
    server = await startTestServer(await createFakeDeps({ token: 'sesame' }));
    for (const path of ['/', '/api/health', '/api/stream', '/metrics', '/readyz', '/assets/x.js'])
      expect((await server.get(path)).status, path).toBe(401);
    expect((await server.get('/api/health', { authorization: 'Bearer wrong' })).status).toBe(401);
    expect((await server.get('/api/health', { cookie: 'beagle_session=sesame' })).status).toBe(401);
    expect((await server.get('/api/health?token=wrong')).status).toBe(401);
    expect((await server.get('/healthz')).status).toBe(200);
  });

  it('takes it as a bearer token, or once in the address, which a redirect then cleans', async () => {
    server = await startTestServer(await createFakeDeps({ token: 'sesame' }));
    expect((await server.get('/api/health', { authorization: 'Bearer sesame' })).status).toBe(200);
    const first = await server.get('//evil.example/live?token=sesame&range=1h');
    expect(first.status).toBe(303);
    expect(first.headers.get('location')).toBe('/evil.example/live?range=1h');
    const cookie = first.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).not.toContain('sesame');
    const session = cookie.split(';')[0] ?? '';
    expect((await server.get('/api/health', { cookie: `a=b; ${session}` })).status).toBe(200);
  });
});

describe('without a token', () => {
  it('serves loopback names only, so that no foreign name can point here', async () => {
    server = await startTestServer(await createFakeDeps());
    expect(await statusFor('evil.example')).toBe(403);
    expect(await statusFor('127.0.0.1.evil.example')).toBe(403);
    for (const host of ['localhost:3000', '127.0.0.1', '[::1]:3000']) expect(await statusFor(host)).toBe(200);
  });
});
