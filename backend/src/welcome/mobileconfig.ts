import { createHash } from 'node:crypto';
import type { PublicRoot } from '../tls/certificates.ts';
import { escapeMarkup } from './html.ts';

/** A UUID of version 8 (RFC 9562, 5.8) that is always the same for the same root and part. */
export function derivedUuid(rootHash: string, part: string): string {
  const bytes = createHash('sha256').update(`parley ${part} ${rootHash}`).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex').toUpperCase();
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/**
 * The configuration profile with which Apple's systems take in a root (Apple, "Configuration Profile Reference": Root payload).
 * Identifiers and UUIDs come from the root, so that a second download replaces the first.
 * @param name the installation's, as the profile is shown; any text
 * @param root `hash`: of its key, in hex; `der`: its certificate
 */
export function mobileconfig(name: string, root: Pick<PublicRoot, 'hash' | 'der'>): string {
  const identifier = `parley.${root.hash.slice(0, 16)}`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
${entries({ type: 'Configuration', identifier, uuid: derivedUuid(root.hash, 'profile'), name })}
  <key>PayloadOrganization</key><string>Parley</string>
  <key>PayloadRemovalDisallowed</key><false/>
  <key>PayloadContent</key>
  <array>
    <dict>
${entries({ type: 'com.apple.security.root', identifier: `${identifier}.root`, uuid: derivedUuid(root.hash, 'root'), name })}
      <key>PayloadCertificateFileName</key><string>parley.crt</string>
      <key>PayloadContent</key><data>${root.der.toString('base64')}</data>
    </dict>
  </array>
</dict>
</plist>
`;
}

/** What every dictionary of a profile begins with. XML 1.0 has no characters below the space but three. */
function entries(one: { type: string; identifier: string; uuid: string; name: string }): string {
  const name = escapeMarkup(one.name.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, ''));
  return `  <key>PayloadType</key><string>${one.type}</string>
  <key>PayloadVersion</key><integer>1</integer>
  <key>PayloadIdentifier</key><string>${one.identifier}</string>
  <key>PayloadUUID</key><string>${one.uuid}</string>
  <key>PayloadDisplayName</key><string>${name}</string>`;
}
