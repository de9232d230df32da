import { installation } from '#protocol/api/account';
import { SUBPROTOCOL } from '#protocol/session-frames';
import { answer, open } from './route.ts';

const get = open(
  {
    method: 'get',
    path: '/api/installation',
    summary: 'What this installation is, before anybody signs in',
    answer: installation,
  },
  async ({ installation: { id, epoch }, config, version, store }) => {
    const setUp = (await store.hasAdmin()) ? {} : { setUp: true as const };
    const { installationName: name, signUp } = config;
    return answer({ id, epoch, name, signUp, ...setUp, protocol: SUBPROTOCOL, version });
  },
);

export const installationRoutes = [get];
