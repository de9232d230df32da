import { TestBed } from '@angular/core/testing';
import * as z from 'zod/mini';
import { type Page } from '#protocol/api/page';
import { Access } from './access';
import { Api } from './api';
import { call } from './fetch-json';
import { identityOf, json, problemOf, serverOf } from './testing/server';

const answer = z.object({ free: z.boolean() });

describe('a request', () => {
  it('is read by its shape', async () => {
    serverOf({ 'GET /api/x': () => json({ free: true, more: 'is not ours to know' }) });
    expect(await call('GET', '/api/x', { answer })).toEqual({ ok: true, value: { free: true } });
  });

  it('of an answer in another shape brings nothing', async () => {
    serverOf({ 'GET /api/x': () => json({ free: 'yes' }), 'GET /api/y': () => new Response('<!doctype html>') });
    expect(await call('GET', '/api/x', { answer })).toEqual({ ok: false, error: { kind: 'unreadable' } });
    expect(await call('GET', '/api/y', { answer })).toEqual({ ok: false, error: { kind: 'unreadable' } });
  });

  it('of a long page is read row by row, in order, whole or not at all', async () => {
    const rows = Array.from({ length: 120 }, (_, n) => ({ n, more: 'is not ours to know' }));
    serverOf({
      'GET /api/x': () => json({ items: rows, next: 'c' }),
      'GET /api/y': () => json({ items: [...rows, { n: 'wrong' }] }),
      'GET /api/z': () => json({ free: true }),
    });
    const row = z.object({ n: z.number() });
    const page = await call<Page<{ n: number }>>('GET', '/api/x', { row });
    expect(page).toEqual({ ok: true, value: { items: rows.map(({ n }) => ({ n })), next: 'c' } });
    for (const path of ['/api/y', '/api/z']) {
      const read = await call<Page<{ n: number }>>('GET', path, { row });
      expect(read).toEqual({ ok: false, error: { kind: 'unreadable' } });
    }
  });

  it('tells a refusal from a server that cannot be reached', async () => {
    serverOf({
      'GET /api/x': () => problemOf('not-found', 404),
      'GET /api/y': () => new Response('bad gateway', { status: 502 }),
    });
    const refused = await call('GET', '/api/x');
    expect(!refused.ok && refused.error.kind).toBe('problem');
    expect(await call('GET', '/api/y')).toEqual({ ok: false, error: { kind: 'unreachable' } });
    expect(await call('GET', '/api/z')).toEqual({ ok: false, error: { kind: 'unreachable' } });
  });
});

describe('Api', () => {
  const refreshed = () => json({ accessToken: 'second', expiresInMs: 600_000 });

  it('A5c carries the token, and at a 401 asks once more with a newer one', async () => {
    const asked = serverOf({
      'POST /api/auth/refresh': refreshed,
      'GET /api/x': one =>
        one.authorization === 'Bearer second' ? json({ free: true }) : problemOf('unauthorized', 401),
    });
    TestBed.inject(Access).use(identityOf(), { text: 'first', expiresInMs: 600_000 });
    expect(await TestBed.inject(Api).request('GET', '/api/x', { answer })).toEqual({ ok: true, value: { free: true } });
    expect(asked.map(one => one.authorization)).toEqual(['Bearer first', null, 'Bearer second']);
  });

  it('A5c asks once more, and not again, where a newer token is refused, too', async () => {
    const asked = serverOf({
      'POST /api/auth/refresh': refreshed,
      'GET /api/x': () => problemOf('unauthorized', 401),
    });
    TestBed.inject(Access).use(identityOf(), { text: 'first', expiresInMs: 600_000 });
    expect((await TestBed.inject(Api).request('GET', '/api/x')).ok).toBeFalse();
    expect(asked.length).toBe(3);
  });

  it('reaches nobody where no token comes', async () => {
    serverOf({});
    TestBed.inject(Access).use(identityOf());
    expect(await TestBed.inject(Api).request('GET', '/api/x')).toEqual({ ok: false, error: { kind: 'unreachable' } });
    expect(await TestBed.inject(Api).bytes('/api/x')).toBeUndefined();
  });
});
