import { type Device, device } from '#protocol/api/account';
import { page } from '#protocol/api/page';
import { ok, type Result } from '#protocol/result';
import { type Api } from './api';
import type { Failure } from './fetch-json';

/** All devices of whoever is signed in, as the server names them. */
export async function listDevices(api: Pick<Api, 'request'>): Promise<Result<readonly Device[], Failure>> {
  const answer = await api.request('GET', '/api/devices?limit=100', { answer: page(device) });
  return answer.ok ? ok(answer.value.items) : answer;
}
