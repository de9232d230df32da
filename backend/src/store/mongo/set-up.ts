import { insertUser } from './accounts.ts';
import type { MongoBase, Unbound } from './base.ts';
import { isDuplicate, upserted } from './faults.ts';
import { activeAdmin } from './last-admin.ts';
import { living } from './user-row.ts';
import type { AdminStore } from '../admin.ts';

/*
 * The account decides (S43): it names the link that made it the admin, and the unique index lets no second one do so.
 * The link goes after that; one that a crash has left is closed by its admin, and by its name when there is none any more.
 */
type Names = 'hasAdmin' | 'offerSetUp' | 'isSetUpOpen' | 'redeemSetUp' | 'claimSetUp';
type Verbs = Unbound<Pick<AdminStore, Names>>;

const LINK = 'link';

const hasAdmin: Verbs['hasAdmin'] = async ({ users }) => (await users.exists(activeAdmin)) !== null;

const isSetUpOpen: Verbs['isSetUpOpen'] = async (base, seal) => {
  const [link, used, admin] = await Promise.all([
    base.setUpLinks.exists({ _id: LINK, seal }),
    base.users.exists({ setUp: seal }),
    hasAdmin(base),
  ]);
  return link !== null && used === null && !admin;
};

/** Makes an admin by `make`, unless another one was made by this link. */
async function byLink<T>(base: MongoBase, seal: string, make: () => Promise<T>): Promise<T | 'unknown'> {
  if (!(await isSetUpOpen(base, seal))) return 'unknown';
  try {
    return await make();
  } catch (error) {
    if (isDuplicate(error, 'setUp')) return 'unknown';
    throw error;
  }
}

const forgetLink = ({ setUpLinks }: MongoBase, seal: string) => setUpLinks.deleteOne({ _id: LINK, seal });

/** The link that stands: the one kept, or this one where there is none. Processes that start at once get the same. */
const standing = async ({ setUpLinks }: MongoBase, seal: string): Promise<string> => {
  const keep = [{ $set: { seal: { $ifNull: ['$seal', { $literal: seal }] } } }];
  const options = { upsert: true, returnDocument: 'after', updatePipeline: true } as const;
  const link = await upserted(() => setUpLinks.findOneAndUpdate({ _id: LINK }, keep, options).lean());
  return link.seal;
};

export const setUpVerbs: Verbs = {
  hasAdmin,
  isSetUpOpen,
  offerSetUp: async (base, seal) => {
    if (await hasAdmin(base)) return null;
    const kept = await standing(base, seal);
    if (kept === seal || (await base.users.exists({ setUp: kept })) === null) return kept;
    // Its admin has come and gone, and a crash has left it.
    await forgetLink(base, kept);
    return standing(base, seal);
  },
  redeemSetUp: async (base, seal, user, device) => {
    const make = () => insertUser(base, { ...user, role: 'admin' }, device, { setUp: seal });
    const outcome = await byLink(base, seal, make);
    if (outcome === 'created') await forgetLink(base, seal);
    return outcome;
  },
  claimSetUp: async (base, seal, userId) => {
    const make = () => base.users.updateOne(living(userId), { $set: { role: 'admin', setUp: seal } });
    const outcome = await byLink(base, seal, make);
    if (outcome === 'unknown' || outcome.matchedCount === 0) return 'unknown';
    await forgetLink(base, seal);
    return 'claimed';
  },
};
