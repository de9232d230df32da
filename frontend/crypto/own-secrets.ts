import * as z from 'zod/mini';
import { recoveryCode, recoverySecret, type RecoveryCodeFault } from '#protocol/crypto/recovery-code';
import { type DeviceAddress } from '#protocol/ids';
import { sealedSecrets as answered } from '#protocol/keys/api';
import { err, ok, type Result } from '#protocol/result';
import { bundleKeyIn } from './approval-box.ts';
import { base64, fields, fromBase64, random, type Bytes } from './bytes.ts';
import {
  adoptIdentity,
  finished,
  identityKeys,
  identityThere,
  isUnfinished,
  makeIdentity,
  OtherIdentity,
  queryOwn,
  standing,
} from './identity.ts';
import { Refused } from './key-server.ts';
import { type Olm } from './olm.ts';
import { plainPlaces } from './plain-places.ts';
import { openJson, sealJson } from './sealed-box.ts';
import {
  newBundleKey,
  openSecrets,
  recoveryKey,
  sealBox,
  sealedSecrets,
  sealSecrets,
  secrets,
  wrapped,
  type Opener,
  type PlainUpTo,
  type SealedSecrets,
  type Secrets,
  type SecretsRefusal,
} from './secrets-bundle.ts';
import { publicKeyOfSeed } from './signature.ts';

/*
 * A person's secrets on this device and on the server. They are kept here first, sealed under a key of the store, so that what a crash
 * left undone is done at the next catching-up without the password.
 */

const keptSecrets = z.object({
  /** Of the bundle, base 64. */
  key: z.string(),
  secrets,
  bundle: sealedSecrets,
  /** Whether the server has the bundle and its backup. */
  isPut: z.boolean(),
  /**
   * The wrappings that this device has changed since it read the secrets from the server. Absent: this device has made the
   * secrets, and they replace those on the server.
   */
  wrapped: z.optional(z.array(z.enum(['byPassword', 'byRecovery']))),
});
type KeptSecrets = z.infer<typeof keptSecrets>;
type Wrapping = NonNullable<KeptSecrets['wrapped']>[number];

export type OpenRefusal =
  | SecretsRefusal
  | RecoveryCodeFault
  /** The server has none. */
  | 'no-secrets'
  /** They are of another identity than the server shows. */
  | 'other-identity';

/** What an identity is made with. */
export interface NewIdentity {
  /** Comes from the password. */
  readonly wrappingKey: CryptoKey;
  /** Replaces the identity that is there. */
  readonly loginSecret?: string;
}

/** How a person opens their secrets. */
export type Opening =
  | { readonly by: 'password'; readonly wrappingKey: CryptoKey }
  | { readonly by: 'recovery'; readonly code: string }
  /** `box` is what a device that has scanned the code of this one has sent; `secret` is that of the code. */
  | { readonly by: 'device'; readonly secret: string; readonly box: string };

const RECOVERY_BYTES = 16;
const BACKUP_KEY_BYTES = 32;
const DEHYDRATED_KEY_BYTES = 32;
/** Other devices change them at the same time; more often than this, something else is wrong. */
const TRIES = 5;
const KEPT = fields('parley kept secrets v1');

export class OwnSecrets {
  readonly #olm: Olm;

  constructor(olm: Olm) {
    this.#olm = olm;
  }

  /**
   * Makes this device one of its person's with what comes from their password, whatever it is now: it makes the identity of a person
   * who has none, goes on where a crash came in between, opens the secrets, or locks those that it has with this password.
   * @returns a recovery code, to be shown once, where the secrets were made; null: they were there
   */
  async join(wrappingKey: CryptoKey): Promise<Result<string | null, OpenRefusal>> {
    const olm = this.#olm;
    await queryOwn(olm);
    const before = await standing(olm);
    if (before === 'own') {
      await this.wrapFor(wrappingKey);
      return ok(null);
    }
    const isOwnToMake = before === 'none' || (await isUnfinished(olm));
    const opened = isOwnToMake ? err('no-secrets' as const) : await this.open({ by: 'password', wrappingKey });
    if (opened.ok || opened.error !== 'no-secrets') return opened;
    const code = await this.make({ wrappingKey });
    // Without a code another device makes them, or has made them meanwhile.
    return code === null ? this.open({ by: 'password', wrappingKey }) : ok(code);
  }

  /**
   * Makes this person's identity, a backup and the sealed secrets; where a crash came in between it goes on.
   * Where it replaces the identity that is there everybody is told, and a new backup and recovery code take the place of the old ones:
   * neither the password nor the code of before opens them, nor does a device that had the old ones read the new backup.
   * @returns the recovery code, to be shown once; null where there is an identity already, whose secrets are to be opened if they were
   *   not on this device
   */
  make({ wrappingKey, loginSecret }: NewIdentity): Promise<string | null> {
    return this.#olm.turns.run('secrets', async () => {
      const olm = this.#olm;
      const kept = await this.kept();
      if (loginSecret === undefined && kept && !(await isUnfinished(olm))) {
        await this.#put();
        return null;
      }
      await olm.pump();
      await queryOwn(olm);
      const shown = loginSecret === undefined ? await identityThere(olm) : null;
      const begun = shown === null ? null : await identityKeys(olm);
      if (shown !== null && (!begun || (await publicKeyOfSeed(begun.master)) !== shown)) return null;
      // Asked before the identity is there: from then on others encrypt.
      const plainUpTo = await this.#plainUpTo(kept, loginSecret);
      if (begun) await adoptIdentity(olm, begun);
      else if (!(await makeIdentity(olm, loginSecret))) return null;
      const crossSigning = await identityKeys(olm);
      if (!crossSigning) throw new Error('an identity was made, and its keys are not there');
      const secret = random(RECOVERY_BYTES);
      await this.#begin({ crossSigning, plainUpTo }, wrappingKey, await recoveryKey(secret));
      await this.#put();
      return recoveryCode(secret);
    });
  }

  /** New secrets, a new key of theirs, and a backup that begins with every session which is here. */
  async #begin(
    content: Pick<Secrets, 'crossSigning' | 'plainUpTo'>,
    byPassword: CryptoKey,
    byRecovery: CryptoKey,
  ): Promise<void> {
    const olm = this.#olm;
    const key = newBundleKey();
    const backup = { version: crypto.randomUUID(), key: base64(random(BACKUP_KEY_BYTES)) };
    const all: Secrets = { ...content, backup };
    const number = (await this.#numberThere()) + 1;
    const bundle = await sealSecrets(olm.own.userId, number, all, { key, byPassword, byRecovery });
    await olm.rows.backUpAll();
    await this.#keep({ key: base64(key), secrets: all, bundle, isPut: false });
    await finished(olm);
  }

  /** Only before a person's first identity may anything be plain; a device that was theirs knows how far. */
  async #plainUpTo(kept: KeptSecrets | null, loginSecret: string | undefined): Promise<PlainUpTo> {
    if (kept) return kept.secrets.plainUpTo ?? {};
    const isFirst = loginSecret === undefined && (await this.#there()) === null;
    return isFirst ? plainPlaces(this.#olm.options.server) : {};
  }

  /** Opens the secrets on a new device, and takes the identity over: this device is signed and listed then. */
  open(opening: Opening): Promise<Result<null, OpenRefusal>> {
    return this.#olm.turns.run('secrets', async () => {
      const opener = await openerOf(opening, this.#olm.own);
      if (typeof opener === 'string') return err(opener);
      const bundle = await this.#there();
      if (!bundle) return err('no-secrets');
      const kept = await this.kept();
      const opened = await openSecrets(this.#olm.own.userId, bundle, opener, kept?.bundle.number ?? null);
      if (!opened.ok) return opened;
      try {
        await adoptIdentity(this.#olm, opened.value.secrets.crossSigning);
      } catch (error) {
        if (error instanceof OtherIdentity) return err('other-identity');
        throw error;
      }
      await this.#keepOpened(bundle, opened.value);
      return ok(null);
    });
  }

  /** The password is another one: what opened by the one before opens by this one. */
  async wrapFor(wrappingKey: CryptoKey): Promise<void> {
    await this.#change(async key => ({
      byPassword: await wrapped(this.#olm.own.userId, key, 'password', wrappingKey),
    }));
  }

  /** @returns a recovery code; the one before opens nothing that is put from now on */
  async newRecoveryCode(): Promise<string> {
    const secret = random(RECOVERY_BYTES);
    const byRecovery = await recoveryKey(secret);
    await this.#change(async key => ({
      byRecovery: await wrapped(this.#olm.own.userId, key, 'recovery', byRecovery),
    }));
    return recoveryCode(secret);
  }

  /** The key under which this person's dehydrated device is sealed; where there is none it is made, and told to the other devices. */
  dehydratedKey(): Promise<Bytes> {
    return this.#olm.turns.run('secrets', async () => {
      await this.#refresh();
      const kept = await this.#mustHave();
      if (kept.secrets.dehydratedKey === undefined) {
        const content = { ...kept.secrets, dehydratedKey: base64(random(DEHYDRATED_KEY_BYTES)) };
        await this.#putNext({ ...kept, secrets: content, wrapped: [] });
      }
      // It may be the one that another device has made at the same time.
      const { dehydratedKey } = (await this.#mustHave()).secrets;
      if (dehydratedKey === undefined) throw new Error('the secrets have no key for a dehydrated device');
      return bytesOf(dehydratedKey);
    });
  }

  /** Puts what a crash has left undone. */
  async finish(): Promise<void> {
    await this.#olm.turns.run('secrets', async () => {
      // A device that is not its person's any more has nothing to put in the place of what they have now.
      if ((await standing(this.#olm)) !== 'own') return;
      await this.#takeBack();
      await this.#put();
    });
  }

  /** The secrets as this device has them; null before they were made or opened. */
  async kept(): Promise<KeptSecrets | null> {
    const row = await this.#olm.rows.get('secret', 'own');
    const opened = row === undefined ? null : await openJson(this.#olm.rowKey, row, KEPT, keptSecrets);
    if (opened && !opened.ok) throw new Error(`the secrets of this device are ${opened.error}`);
    return opened?.value ?? null;
  }

  async #keep(kept: KeptSecrets): Promise<void> {
    await this.#olm.rows.put('secret', 'own', await sealJson(this.#olm.rowKey, kept, KEPT));
  }

  /** Another identity was made here that has never reached the server: the keys of the one that is there are taken up again. */
  async #takeBack(): Promise<void> {
    const { crossSigning } = (await this.#mustHave()).secrets;
    if ((await identityKeys(this.#olm))?.master !== crossSigning.master) await adoptIdentity(this.#olm, crossSigning);
  }

  #keepOpened(bundle: SealedSecrets, opened: { secrets: Secrets; key: Bytes }): Promise<void> {
    return this.#keep({ key: base64(opened.key), secrets: opened.secrets, bundle, isPut: true });
  }

  #change(change: (key: Bytes) => Promise<Partial<Pick<SealedSecrets, Wrapping>>>): Promise<void> {
    return this.#olm.turns.run('secrets', async () => {
      await this.#refresh();
      const kept = await this.#mustHave();
      const anew = await change(bytesOf(kept.key));
      await this.#putNext({ ...kept, bundle: { ...kept.bundle, ...anew }, wrapped: Object.keys(anew) as Wrapping[] });
    });
  }

  /** @param kept as they were last put, with a change */
  async #putNext(kept: KeptSecrets): Promise<void> {
    await this.#keepUnder(kept.bundle.number + 1, kept);
    await this.#put();
  }

  /** Another device may have changed them: what it has added stays, as far as this one has put what it had to. */
  async #refresh(): Promise<void> {
    await this.#put();
    const kept = await this.#mustHave();
    const bundle = await this.#there();
    if (!bundle || bundle.number === kept.bundle.number) return;
    await this.#keepOpened(bundle, await this.#openedAgain(kept, bundle));
  }

  /** Opens what another device has put. @throws where that is no later state of the same secrets */
  async #openedAgain(kept: KeptSecrets, bundle: SealedSecrets): Promise<{ secrets: Secrets; key: Bytes }> {
    const opener: Opener = { by: 'bundle', key: bytesOf(kept.key) };
    const opened = await openSecrets(this.#olm.own.userId, bundle, opener, kept.bundle.number);
    if (!opened.ok) throw new Error(`the secrets on the server are ${opened.error}`);
    return opened.value;
  }

  /** In one step: a box that the server has already would be taken for one that was put. */
  async #keepUnder(number: number, kept: KeptSecrets): Promise<void> {
    const box = await sealBox(this.#olm.own.userId, number, kept.secrets, bytesOf(kept.key));
    await this.#keep({ ...kept, bundle: { ...kept.bundle, number, box }, isPut: false });
  }

  /** What was changed here, over what another device has put at the same time: of a secret that both have made, theirs stays. */
  async #laidOver(kept: KeptSecrets, there: SealedSecrets | null): Promise<KeptSecrets> {
    // A server that went back has nothing that this device has not.
    if (!kept.wrapped || !there || there.number < kept.bundle.number) return kept;
    const { secrets: theirs } = await this.#openedAgain(kept, there);
    const bundle = { ...there, ...Object.fromEntries(kept.wrapped.map(name => [name, kept.bundle[name]])) };
    return { ...kept, secrets: { ...kept.secrets, ...theirs }, bundle };
  }

  async #put(): Promise<void> {
    const { server } = this.#olm.options;
    const { isPut, secrets: content } = await this.#mustHave();
    if (isPut) return;
    await this.#putBackup(content.backup.version);
    for (let tries = 1; ; tries++) {
      const kept = await this.#mustHave();
      const { bundle } = kept;
      try {
        await server.ask('PUT', '/api/secrets', { number: bundle.number, sealed: bundle });
        return await this.#keep({ ...kept, isPut: true });
      } catch (error) {
        if (!(error instanceof Refused) || error.type !== 'stale' || tries === TRIES) throw error;
      }
      const there = await this.#there();
      // The answer to the request before was lost.
      if (there?.box === bundle.box) return await this.#keep({ ...kept, isPut: true });
      await this.#keepUnder((there?.number ?? 0) + 1, await this.#laidOver(kept, there));
    }
  }

  /** Begins the backup; the same again is no news. Where there are too many the oldest one goes. */
  async #putBackup(version: string): Promise<void> {
    const { server } = this.#olm.options;
    const put = () => server.ask('POST', '/api/backups', { version, about: {} });
    try {
      await put();
    } catch (error) {
      if (!(error instanceof Refused) || error.type !== 'no-room') throw error;
      const { items } = z
        .object({ items: z.array(z.object({ version: z.string() })) })
        .parse(await server.ask('GET', '/api/backups'));
      const oldest = items.filter(item => item.version !== version).at(-1);
      if (!oldest) throw error;
      await server.ask('DELETE', `/api/backups/${oldest.version}`);
      await put();
    }
  }

  async #numberThere(): Promise<number> {
    return Math.max((await this.#there())?.number ?? 0, (await this.kept())?.bundle.number ?? 0);
  }

  /** What the server has, which may be anything; null: nothing. */
  async #there(): Promise<SealedSecrets | null> {
    try {
      const { number, sealed } = answered.parse(await this.#olm.options.server.ask('GET', '/api/secrets'));
      return { ...(sealed as SealedSecrets), number };
    } catch (error) {
      if (error instanceof Refused && error.type === 'not-found') return null;
      throw error;
    }
  }

  async #mustHave(): Promise<KeptSecrets> {
    const kept = await this.kept();
    if (!kept) throw new Error('the secrets were not opened on this device');
    return kept;
  }
}

/** It was sealed here as base 64. */
const bytesOf = (text: string): Bytes => fromBase64(text) ?? new Uint8Array();

async function openerOf(opening: Opening, own: DeviceAddress): Promise<Opener | RecoveryCodeFault | 'not-opened'> {
  if (opening.by === 'password') return { by: 'password', key: opening.wrappingKey };
  if (opening.by === 'device') {
    const key = await bundleKeyIn(own, opening.secret, opening.box);
    return key ? { by: 'bundle', key } : 'not-opened';
  }
  const secret = recoverySecret(opening.code);
  return typeof secret === 'string' ? secret : { by: 'recovery', secret: new Uint8Array(secret) };
}
