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
  ({ installation: { id, epoch }, config, version }) =>
    answer({ id, epoch, name: config.installationName, signUp: config.signUp, protocol: SUBPROTOCOL, version }),
);

export const installationRoutes = [get];
