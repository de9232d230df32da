import { loadIdentity } from './account/identity';

/** Fetches what will be shown first while the words are still on their way: a round trip less before anything is seen. */
export async function fetchFirstPage(): Promise<void> {
  const known = await loadIdentity().catch(() => undefined);
  // The router asks for it again, and says it where it cannot be had.
  await (known ? inside() : import('./account/sign-in-page')).catch(() => undefined);
}

// The app opens at the chats, which the router would find only behind the shell.
const inside = () => Promise.all([import('./shell.routes'), import('./chat/chat.routes')]);
