import { isIPv4 } from 'node:net';
import type { FullPacket, ResponseOutgoingPacket } from 'multicast-dns';
import { canonicalHost } from '../tls/host-name.ts';
import { LEGACY_TTL, TTL, type AddressRecord, type AddressType, type ResponderEvent } from './responder.ts';

type Answer = ResponseOutgoingPacket['answers'][number];

/**
 * What a packet says about our name; undefined where it says nothing about it.
 * @param packet a decoded packet of any host on the link
 * @param name lower-case, as `parley-abcd.local`
 * @param isLegacy whether the question came from another port than the one of mDNS (RFC 6762, 6.7)
 * @param at ms of a clock that never goes back
 */
export function eventOf(packet: FullPacket, name: string, isLegacy: boolean, at: number): ResponderEvent | undefined {
  const { questions = [], answers: known = [], authorities = [], additionals = [] } = packet;
  if (packet.type === 'response') {
    const answers = addressesIn([...known, ...additionals], name);
    return answers.length > 0 ? { type: 'heard', answers } : undefined;
  }
  const types = questions.filter(question => isName(question.name, name)).map(question => String(question.type));
  const claims = addressesIn(authorities, name).map(record => record.address);
  if (types.length > 0 && claims.length > 0) return { type: 'probed', at, claims };
  const wants = (['A', 'AAAA'] as const).filter(type => types.includes(type) || types.includes('ANY'));
  if (wants.length === 0) return undefined;
  return { type: 'asked', at, wants, known: addressesIn(known, name), isLegacy };
}

const isName = (text: unknown, name: string): boolean => typeof text === 'string' && text.toLowerCase() === name;

function addressesIn(answers: readonly Answer[], name: string): AddressRecord[] {
  return answers.flatMap(answer => {
    if ((answer.type !== 'A' && answer.type !== 'AAAA') || !isName(answer.name, name)) return [];
    const host = canonicalHost(answer.data);
    return host?.kind === 'ip' ? [{ type: answer.type, address: host.value, ttl: answer.ttl ?? 0 }] : [];
  });
}

/**
 * The records of our name, those asked for as answers and the others beside them. A family that is not there is denied, so that
 * nobody waits for it (RFC 6762, 6.1).
 * @param ttl seconds; 0 is a goodbye (10.1)
 * @param isLegacy without the bit that old-fashioned askers do not know (6.7)
 */
export function recordsOf(
  name: string,
  addresses: readonly string[],
  { wants, ttl = TTL, isLegacy = false }: { wants: readonly AddressType[]; ttl?: number; isLegacy?: boolean },
): Required<Pick<ResponseOutgoingPacket, 'answers' | 'additionals'>> {
  const base = { name, ttl: isLegacy ? Math.min(ttl, LEGACY_TTL) : ttl, flush: !isLegacy };
  const records = addresses.map(data => ({ ...base, type: typeOf(data), data }));
  const there = (['A', 'AAAA'] as const).filter(type => records.some(record => record.type === type));
  const denial: Answer[] =
    there.length === 2 ? [] : [{ ...base, type: 'NSEC', data: { nextDomain: name, rrtypes: there } }];
  const asked = records.filter(({ type }) => wants.includes(type));
  const others = records.filter(({ type }) => !wants.includes(type));
  if (asked.length === 0) return { answers: denial, additionals: others };
  return { answers: asked, additionals: [...others, ...denial] };
}

const typeOf = (address: string): AddressType => (isIPv4(address) ? 'A' : 'AAAA');
