import { TestBed } from '@angular/core/testing';
import { writeContent } from '#protocol/content';
import { CallLink } from './call-link';
import { CallMedia } from './call-media';
import { LOOK_EVERY } from './quality-watch';
import { shown } from './testing/overlay';
import { has, OverlayCall } from './testing/overlay-call';
import { until } from './testing/until';
import { type WrittenStats, writeStats } from './testing/written-stats';

describe('the weather of a call', () => {
  let talk: OverlayCall;
  let stats: WrittenStats;
  beforeEach(async () => {
    localStorage.removeItem('parley.call');
    stats = writeStats();
    talk = await OverlayCall.open([{ provide: LOOK_EVERY, useValue: 40 }]);
    await talk.talk();
  });
  afterEach(() => talk.close());

  const word = () => document.querySelector('parley-weather-sign')?.textContent.trim() ?? '';
  const notice = () => document.querySelector('.notices p.notice')?.textContent.trim() ?? '';
  const bars = () => document.querySelectorAll('parley-weather-sign rect:not(.empty)').length;

  it('is said in a word, with as many bars as it is good', async () => {
    await until('very good', () => word() === 'Very good');
    expect(bars()).toBe(5);
    stats.roundTripMs = 2_000;
    await until('very weak', () => word() === 'Very weak');
    expect(bars()).toBe(1);
    expect(notice()).toBe('The connection between you is weak.');
    stats.relayed = true;
    await until('the relay is to blame', () => notice() === 'The way through the server is weak.');
    stats.roundTripMs = 20;
    await until('no notice', () => notice() === '');
  });

  it('lowers and pauses one’s picture for the sound, says so at both ends, and brings it back', async () => {
    stats.lostThere = 0.2;
    await until('smaller', () => notice().includes('Your picture is smaller so that sound stays clear.'));
    const paused = 'Your network is weak. Your picture is paused so that Mira Sand hears you well.';
    await until('paused', () => notice() === paused);
    expect(shown('parley-self-view').textContent.trim()).toBe('Paused');
    expect(TestBed.inject(CallMedia).sent()).toEqual({ microphone: 'on', video: 'none', camera: false, paused: true });
    await until('Mira is told', () => talk.mira.link.peer()?.paused === true);
    const { parameters } = { parameters: () => TestBed.inject(CallLink).link()?.sender('video')?.getParameters() };
    await until('nothing is sent', () => parameters()?.encodings[0]?.active === false);
    stats.lostThere = 0;
    await until('the picture is back', () => talk.mira.link.peer()?.video === 'camera');
    await until('no notice', () => notice() === '');
    expect(shown('parley-self-view').textContent.trim()).toBe('You');
  });

  it('says that the other one’s network is weak, and that their picture is paused', async () => {
    stats.lostHere = 20;
    const may = 'Mira Sand’s network is weak. The picture may be smaller so that sound stays clear.';
    await until('their network', () => notice() === may);
    const link = talk.mira.link.link();
    expect(link).not.toBeNull();
    const state = talk.mira.call.state();
    const paused = writeContent({ microphone: 'on', video: 'none', paused: true });
    if (state.state === 'joined')
      talk.mira.call.say(state.callId, talk.page.me.seat.deviceId, 'call.media-state', 1, paused);
    const words = 'Mira Sand’s network is weak. The picture is paused so that sound stays clear.';
    await until('their picture is paused', () => notice() === words);
    expect(has('.waiting parley-avatar')).toBeTrue();
  });

  it('is told in numbers to the curious: the cause first, the way, and a chart that can be read', async () => {
    stats.lostThere = 0.1;
    stats.relayed = true;
    await until('weak', () => word().includes('Weak'));
    await talk.more('Connection in numbers');
    await until('the numbers', () => has('parley-call-stats dl'));
    expect(shown('#sheet-title').textContent).toBe('Weak, because of your network');
    const rows = [...document.querySelectorAll('parley-call-stats dl > div')].map(row => row.textContent.trim());
    expect(rows[0]).toContain('through your server, by TCP');
    expect(rows[2]).toContain('10% sent, 0% received');
    expect(rows[4]).toContain('Opus');
    await until('the chart says what was sent', () =>
      /picture took between \d+ and \d+ kbit\/s/.test(shown('parley-rate-chart svg').getAttribute('aria-label') ?? ''),
    );
    const points = () => shown('polyline.picture').getAttribute('points')?.split(' ').length ?? 0;
    await until('the line', () => points() > 1);
  });

  it('is kept in the report of the call, on this device', async () => {
    stats.lostHere = 20;
    await until('weak', () => word().includes('Weak'));
    talk.mira.call.leave();
    await until('the report', () => talk.page.reports.length === 1);
    const [report] = talk.page.reports;
    expect(report).toEqual(jasmine.objectContaining({ end: 'hung-up', gaps: 0, relayed: false }));
    expect(report?.causes.theirs).toBeGreaterThan(0);
    expect(report?.lastedMs).toBeGreaterThan(0);
  });
});
