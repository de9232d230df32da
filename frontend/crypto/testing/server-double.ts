import { type DeviceAddress, type DeviceId, type UserId } from '#protocol/ids';
import * as api from '#protocol/keys/api';
import {
  deviceList,
  deviceListSays,
  keyUserOf,
  type CrossSigningKey,
  type DeviceKeys,
  type DeviceList,
  type KeyUser,
  type OneTimeKey,
} from '#protocol/keys/objects';
import { Refused, type KeyServer } from '../key-server.ts';

type OneTimeKeys = Record<string, OneTimeKey>;
type Identity = Pick<api.CrossSigning, 'master_key' | 'self_signing_key' | 'user_signing_key'>;

interface DehydratedThere {
  readonly device: api.DehydratedDevice;
  isRetired: boolean;
  takenBy: DeviceId | null;
}

const seatOf = (user: KeyUser, device: string): string => `${user} ${device}`;

/**
 * A server in memory that speaks the contract of the verbs: requests are read by its schemas, so that what the real one would refuse is
 * refused here. It is honest; a hostile one is this with its maps changed, or with `tamper` set.
 */
export class ServerDouble {
  readonly devices = new Map<KeyUser, Map<string, DeviceKeys>>();
  readonly identities = new Map<KeyUser, Identity>();
  readonly lists = new Map<KeyUser, DeviceList>();
  readonly oneTimeKeys = new Map<string, OneTimeKeys>();
  readonly fallbackKeys = new Map<string, OneTimeKeys>();
  readonly usedFallbacks = new Set<string>();
  readonly inboxes = new Map<string, { number: number; event: api.InboxEvent }[]>();
  readonly changes: KeyUser[] = [];
  readonly secrets = new Map<KeyUser, api.SealedSecrets>();
  /** By person and version; the last batch is at the end. */
  readonly backups = new Map<string, api.BackupBatches['items']>();
  readonly dehydrated = new Map<KeyUser, DehydratedThere[]>();
  /** Of everybody. */
  readonly conversations: { id: string; lastSeq: number }[] = [];
  readonly #transactions = new Set<string>();
  #rows = 0;
  /** Each request, as `METHOD path` without its query. */
  readonly asked: string[] = [];
  /** Changes an answer before it is given, or refuses the request by throwing. */
  tamper: (who: DeviceAddress, request: string, answer: unknown) => unknown = (_who, _request, answer) => answer;

  connect(who: DeviceAddress): KeyServer {
    return {
      ask: async (method, path, body) => {
        const [name = '', query = ''] = path.split('?');
        const request = `${method} ${name.replace(/(to-device|backups|batches)\/[^/]*/g, '$1')}`;
        this.asked.push(request);
        // As over the network: nothing is shared by reference.
        const answer = this.#answer(who, request, name, new URLSearchParams(query), copyOf(body));
        const given = copyOf(this.tamper(who, request, copyOf(answer)));
        // 204 has no body.
        return JSON.stringify(given) === '{}' ? undefined : given;
      },
    };
  }

  stateOf({ userId, deviceId }: DeviceAddress): api.KeyState {
    const seat = seatOf(keyUserOf(userId), deviceId);
    const isUnused = this.fallbackKeys.has(seat) && !this.usedFallbacks.has(seat);
    return {
      oneTime: Object.keys(this.oneTimeKeys.get(seat) ?? {}).length,
      unusedFallback: isUnused ? ['signed_curve25519'] : [],
      changes: this.changes.length,
      inbox: this.#rows,
    };
  }

  /** Puts an event into an inbox, as only a server can. */
  put(to: DeviceAddress, sender: UserId, type: string, content: Record<string, unknown>): void {
    this.#deliver(keyUserOf(to.userId), to.deviceId, { sender: keyUserOf(sender), type, content });
  }

  inboxOf = ({ userId, deviceId }: DeviceAddress) => this.inboxes.get(seatOf(keyUserOf(userId), deviceId)) ?? [];

  #deliver(user: KeyUser, device: string, event: api.InboxEvent): void {
    const seat = seatOf(user, device);
    this.inboxes.set(seat, [...(this.inboxes.get(seat) ?? []), { number: ++this.#rows, event }]);
  }

  #answer(who: DeviceAddress, request: string, path: string, query: URLSearchParams, body: unknown): unknown {
    const user = keyUserOf(who.userId);
    const seat = seatOf(user, who.deviceId);
    switch (request) {
      case 'POST /api/keys/upload':
        return this.#upload(user, who.deviceId, api.keysUpload.parse(body));
      case 'POST /api/keys/query':
        return this.#query(user, Object.keys(api.keysQuery.parse(body).device_keys) as KeyUser[]);
      case 'POST /api/keys/claim':
        return this.#claim(api.keysClaim.parse(body));
      case 'POST /api/keys/signatures':
        return this.#sign(user, api.signaturesUpload.parse(body));
      case 'PUT /api/keys/cross-signing':
        return this.#identify(user, api.crossSigning.parse(body));
      case 'PUT /api/keys/device-list':
        return this.#list(user, deviceList.parse(body));
      case 'PUT /api/to-device':
        return this.#toDevice(user, who.deviceId, path, api.toDevice.parse(body));
      case 'GET /api/conversations':
        return { items: this.conversations };
      case 'GET /api/keys/state':
        return this.stateOf(who);
      case 'GET /api/inbox':
        return this.#inbox(seat, query.get('after'));
      case 'POST /api/inbox/confirm': {
        const { upTo } = api.inboxConfirm.parse(body);
        this.inboxes.set(
          seat,
          (this.inboxes.get(seat) ?? []).filter(({ number }) => number > upTo),
        );
        return {};
      }
      case 'GET /api/secrets':
        return this.secrets.get(user) ?? refused('not-found');
      case 'PUT /api/secrets': {
        const secrets = api.sealedSecrets.parse(body);
        if (secrets.number !== (this.secrets.get(user)?.number ?? 0) + 1) throw new Refused('stale');
        this.secrets.set(user, secrets);
        return {};
      }
      case 'POST /api/backups': {
        const { version } = api.backupVersion.parse(body);
        const key = `${user} ${version}`;
        this.backups.set(key, this.backups.get(key) ?? []);
        return {};
      }
      case 'PUT /api/backups/batches': {
        const [, , , version, , number] = path.split('/');
        const batches = this.backups.get(`${user} ${version}`) ?? refused('not-found');
        if (Number(number) !== batches.length + 1) throw new Refused('stale');
        batches.push({ number: Number(number), ...api.backupBatch.parse(body) });
        return {};
      }
      case 'GET /api/backups/batches': {
        const batches = this.backups.get(`${user} ${path.split('/')[3]}`) ?? refused('not-found');
        const before = Number(query.get('before') ?? Infinity);
        const items = batches.filter(({ number }) => number < before).toReversed();
        return { items: items.slice(0, Number(query.get('limit') ?? items.length)) };
      }
      case 'GET /api/keys/dehydrated':
        return { items: (this.dehydrated.get(user) ?? []).map(one => this.#shown(user, one)) };
      case 'PUT /api/keys/dehydrated':
        return this.#dehydrate(user, api.dehydratedPut.parse(body));
      case 'POST /api/keys/dehydrated/take': {
        const { device_id: id } = api.dehydratedTake.parse(body);
        const found = this.dehydrated.get(user)?.find(({ device }) => device.device_id === id) ?? refused('not-found');
        if (found.takenBy !== null && found.takenBy !== who.deviceId) throw new Refused('stale');
        found.takenBy = who.deviceId;
        return {};
      }
      case 'GET /api/keys/dehydrated/inbox':
        return this.#inbox(seatOf(user, query.get('device') ?? ''), query.get('after'));
      case 'DELETE /api/keys/dehydrated': {
        const id = query.get('device') ?? '';
        if ((this.inboxes.get(seatOf(user, id))?.at(-1)?.number ?? 0) > Number(query.get('upTo')))
          throw new Refused('stale');
        this.dehydrated.set(
          user,
          (this.dehydrated.get(user) ?? []).filter(({ device }) => device.device_id !== id),
        );
        return {};
      }
      case 'GET /api/keys/changes':
        return {
          changed: [...new Set(this.changes.slice(Number(query.get('after') ?? 0)))],
          left: [],
          upTo: this.changes.length,
          more: false,
        };
      default:
        throw new Refused('not-found');
    }
  }

  #inbox(seat: string, after: string | null): api.InboxPage {
    const items = (this.inboxes.get(seat) ?? []).filter(({ number }) => number > Number(after ?? -1));
    return { items, upTo: items.at(-1)?.number ?? Number(after ?? 0), head: items.at(-1)?.number ?? 0 };
  }

  #shown(user: KeyUser, { device, isRetired, takenBy }: DehydratedThere): api.DehydratedDevices['items'][number] {
    return {
      device_id: device.device_id,
      device_data: device.device_data,
      state: isRetired ? 'retired' : 'current',
      takenBy,
      inbox: this.inboxes.get(seatOf(user, device.device_id))?.at(-1)?.number ?? 0,
    };
  }

  #dehydrate(user: KeyUser, { replaces, device }: ReturnType<typeof api.dehydratedPut.parse>): object {
    const there = this.dehydrated.get(user) ?? [];
    const current = there.find(({ isRetired }) => !isRetired);
    if (there.length > 1 || (current?.device.device_id ?? null) !== replaces) throw new Refused('stale');
    if (current) current.isRetired = true;
    this.dehydrated.set(user, [...there, { device, isRetired: false, takenBy: null }]);
    const seat = seatOf(user, device.device_id);
    this.oneTimeKeys.set(seat, { ...device.one_time_keys });
    this.fallbackKeys.set(seat, { ...device.fallback_keys });
    this.changes.push(user);
    return {};
  }

  #upload(user: KeyUser, device: string, body: api.KeysUpload): api.KeysUploaded {
    const seat = seatOf(user, device);
    if (body.device_keys) {
      const own = this.devices.get(user) ?? new Map<string, DeviceKeys>();
      const before = own.get(device);
      if (before && JSON.stringify(before.keys) !== JSON.stringify(body.device_keys.keys))
        throw new Refused('keys-fixed');
      if (!before) this.devices.set(user, own.set(device, body.device_keys));
      this.changes.push(user);
    }
    this.oneTimeKeys.set(seat, { ...this.oneTimeKeys.get(seat), ...body.one_time_keys });
    if (Object.keys(body.fallback_keys ?? {}).length > 0) {
      this.fallbackKeys.set(seat, body.fallback_keys ?? {});
      this.usedFallbacks.delete(seat);
    }
    return { one_time_key_counts: { signed_curve25519: Object.keys(this.oneTimeKeys.get(seat) ?? {}).length } };
  }

  #query(asker: KeyUser, people: readonly KeyUser[]): api.KeysFound {
    const found: api.KeysFound = {
      device_keys: {},
      master_keys: {},
      self_signing_keys: {},
      user_signing_keys: {},
      device_lists: {},
      failures: {},
      unanswered: [],
    };
    for (const user of people) {
      const current = this.dehydrated.get(user)?.find(({ isRetired }) => !isRetired)?.device;
      found.device_keys[user] = {
        ...Object.fromEntries(this.devices.get(user) ?? []),
        ...(current && { [current.device_id]: current.device_keys }),
      };
      const [identity, list] = [this.identities.get(user), this.lists.get(user)];
      if (list) found.device_lists[user] = list;
      if (!identity) continue;
      found.master_keys[user] = identity.master_key;
      found.self_signing_keys[user] = identity.self_signing_key;
      if (user === asker) found.user_signing_keys[user] = identity.user_signing_key;
    }
    return found;
  }

  #claim(body: ReturnType<typeof api.keysClaim.parse>): api.KeysClaimed {
    const given: Record<KeyUser, Record<string, OneTimeKeys>> = {};
    for (const [user, devices] of Object.entries(body.one_time_keys) as [KeyUser, object][]) {
      for (const device of Object.keys(devices)) {
        const seat = seatOf(user, device);
        const [first] = Object.entries(this.oneTimeKeys.get(seat) ?? {});
        const key = first ? Object.fromEntries([first]) : this.fallbackKeys.get(seat);
        if (first) delete this.oneTimeKeys.get(seat)?.[first[0]];
        else this.usedFallbacks.add(seat);
        if (key) given[user] = { ...given[user], [device]: key };
      }
    }
    return { one_time_keys: given, failures: {} };
  }

  #sign(signer: KeyUser, body: api.SignaturesUpload): api.SignaturesUploaded {
    for (const [user, objects] of Object.entries(body) as [KeyUser, Record<string, DeviceKeys | CrossSigningKey>][]) {
      for (const [id, { signatures }] of Object.entries(objects)) {
        const object = this.devices.get(user)?.get(id) ?? this.identities.get(user)?.master_key;
        if (object)
          object.signatures = {
            ...object.signatures,
            [signer]: { ...object.signatures?.[signer], ...signatures?.[signer] },
          };
      }
      // What somebody has signed of another person concerns nobody else, and is no change.
      if (user === signer) this.changes.push(user);
    }
    return { failures: {} };
  }

  #identify(user: KeyUser, { deviceList: list, loginSecret, ...identity }: api.CrossSigning): object {
    const before = this.identities.get(user);
    const isSame = JSON.stringify(before?.master_key.keys) === JSON.stringify(identity.master_key.keys);
    if (before && !isSame && loginSecret === undefined) throw new Refused('identity-exists');
    this.identities.set(user, identity);
    if (list) this.lists.set(user, list);
    this.changes.push(user);
    return {};
  }

  #list(user: KeyUser, list: DeviceList): object {
    const numberOf = ({ signed }: DeviceList): number => deviceListSays.parse(JSON.parse(signed)).number;
    const before = this.lists.get(user);
    if (before && numberOf(list) <= numberOf(before)) throw new Refused('stale');
    this.lists.set(user, list);
    this.changes.push(user);
    return {};
  }

  #toDevice(sender: KeyUser, device: string, path: string, { type, messages }: api.ToDevice): object {
    const transaction = `${sender} ${device} ${path}`;
    if (this.#transactions.has(transaction)) return {};
    this.#transactions.add(transaction);
    for (const [user, devices] of Object.entries(messages) as [KeyUser, Record<string, Record<string, unknown>>][]) {
      for (const [id, content] of Object.entries(devices)) this.#deliver(user, id, { sender, type, content });
    }
    return {};
  }
}

const refused = (type: string): never => {
  throw new Refused(type);
};

const copyOf = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));
