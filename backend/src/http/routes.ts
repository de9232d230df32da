import { adminRoutes } from './admin-routes.ts';
import { authRoutes } from './auth-routes.ts';
import { callsRoutes } from './calls-routes.ts';
import { contactsRoutes } from './contacts-routes.ts';
import { conversationsRoutes } from './conversations-routes.ts';
import { devicesRoutes } from './devices-routes.ts';
import { guestRoutes } from './guest-routes.ts';
import { installationRoutes } from './installation-routes.ts';
import { invitationsRoutes } from './invitations-routes.ts';
import { keysRoutes } from './keys-routes.ts';
import { meRoutes } from './me-routes.ts';
import { openApiRoute } from './openapi.ts';
import { resetRoutes } from './reset-routes.ts';
import { setUpRoutes } from './set-up-routes.ts';
import { pushRoutes } from './push-routes.ts';
import { sealedRoutes } from './sealed-routes.ts';
import type { Route } from './route.ts';

/** Every route there is: the router and the OpenAPI document are made from this one table. */
export const ROUTES: readonly Route[] = [
  ...installationRoutes,
  ...authRoutes,
  ...devicesRoutes,
  ...meRoutes,
  ...contactsRoutes,
  ...invitationsRoutes,
  ...resetRoutes,
  ...setUpRoutes,
  ...adminRoutes,
  ...conversationsRoutes,
  ...callsRoutes,
  ...guestRoutes,
  ...pushRoutes,
  ...keysRoutes,
  ...sealedRoutes,
  openApiRoute(() => ROUTES),
];
