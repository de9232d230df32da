import { insertUser } from './mongo-accounts.ts';
import type { MongoBase, Unbound } from './mongo-base.ts';
import { isDuplicate } from './mongo-faults.ts';
import { activeAdmin } from './mongo-last-admin.ts';
import { living } from './mongo-user-row.ts';
import type { AdminStore } from './store-admin.ts';

/*
 * The account decides (S43): it names the link that made it the admin, and the unique index lets no second one do so.
 * The link goes after that; one that a crash has left is closed by its admin, and by its name when there is none any more.
 */
type Names = 'hasAdmin' | 'offerSetUp' | 'isSetUpOpen' | 'redeemSetUp' | 'claimSetUp';
type Verbs = Unbound<Pick<AdminStore, Names>>;

const LINK = 'link';

const hasAdmin: Verbs['hasAdmin'] = async ({ users }) => (await users.exists(activeAdmin)) !== null;

const isSetUpOpen: Verbs['isSetUpOpen'] = async (base, codeHash) => {
  const [link, used, admin] = await Promise.all([
    base.setUpLinks.exists({ _id: LINK, codeHash }),
    base.users.exists({ setUp: codeHash }),
    hasAdmin(base),
  ]);
  return link !== null && used === null && !admin;
};

/** Makes an admin by `make`, unless another one was made by this link. */
async function byLink<T>(base: MongoBase, codeHash: string, make: () => Promise<T>): Promise<T | 'unknown'> {
  if (!(await isSetUpOpen(base, codeHash))) return 'unknown';
  try {
    return await make();
  } catch (error) {
    if (isDuplicate(error, 'setUp')) return 'unknown';
    throw error;
  }
}

const forgetLink = ({ setUpLinks }: MongoBase, codeHash: string) => setUpLinks.deleteOne({ _id: LINK, codeHash });

export const setUpVerbs: Verbs = {
  hasAdmin,
  isSetUpOpen,
  offerSetUp: async (base, codeHash) => {
    if (await hasAdmin(base)) return 'not-needed';
    await base.setUpLinks.updateOne({ _id: LINK }, { $set: { codeHash } }, { upsert: true });
    return 'offered';
  },
  redeemSetUp: async (base, codeHash, user, device) => {
    const make = () => insertUser(base, { ...user, role: 'admin' }, device, { setUp: codeHash });
    const outcome = await byLink(base, codeHash, make);
    if (outcome === 'created') await forgetLink(base, codeHash);
    return outcome;
  },
  claimSetUp: async (base, codeHash, userId) => {
    const make = () => base.users.updateOne(living(userId), { $set: { role: 'admin', setUp: codeHash } });
    const outcome = await byLink(base, codeHash, make);
    if (outcome === 'unknown' || outcome.matchedCount === 0) return 'unknown';
    await forgetLink(base, codeHash);
    return 'claimed';
  },
};
