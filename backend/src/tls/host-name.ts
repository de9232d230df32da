import { isIP } from 'node:net';

const label = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';
const hostName = new RegExp(`^(?=.{1,253}$)${label}(\\.${label})*$`);

/**
 * A name or address as certificates and browsers spell it: lower case, no dot at the end, IPv6 in its shortest form.
 * @returns undefined where it is neither a host name (RFC 1123, 2.1) nor an address
 */
export function canonicalHost(text: string): { readonly kind: 'dns' | 'ip'; readonly value: string } | undefined {
  const value = text.trim().toLowerCase().replace(/\.$/, '');
  if (isIP(value) === 4) return { kind: 'ip', value };
  if (isIP(value) === 6 && !value.includes('%'))
    return { kind: 'ip', value: new URL(`http://[${value}]`).hostname.slice(1, -1) };
  const isName = hostName.test(value) && !/(^|\.)\d+$/.test(value);
  return isName ? { kind: 'dns', value } : undefined;
}

/**
 * Public top-level domains that somebody may well have called a machine: a root that may vouch for such a name may vouch for
 * every site below it. Not complete and need not be: the machine's own name is the only way in.
 */
const topLevels = new Set(
  (
    'ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cc cd cf cg ' +
    'ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gb gd ge gf gg gh ' +
    'gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr ' +
    'kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ' +
    'ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sj sk sl ' +
    'sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu ' +
    'wf ws ye yt za zm zw app art bar best bike bio biz blog book bot box build buzz cab cafe cam camp cat center chat city ' +
    'click cloud club codes coffee com company computer cool cyou data day dev digital direct dog domains download earth email ' +
    'energy engineering expert farm film fun fyi gallery game games garden global gold green group guide guru haus help host ' +
    'hosting house how info ink kitchen land lgbt life link live lol love market media mobile moe monster movie music name net ' +
    'network news ninja now one online ooo org page parts phone photo pics pizza place plus pro pub quest red rest review rip ' +
    'rocks run school science services sexy shop site sky social software solar space spot store stream studio style support ' +
    'systems talk team tech tips today tools top town toys tube uno video watch web website wiki win work works world ' +
    'wtf xyz you zip zone'
  ).split(' '),
);

/** @param name in its canonical form */
export const isPublicTopLevel = (name: string): boolean => topLevels.has(name);
