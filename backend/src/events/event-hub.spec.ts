import { newId } from '../testing/new-id.ts';
import type { DeviceId } from '#protocol/ids';
import type { Event } from './event.ts';
import { EventHub } from './event-hub.ts';

describe('The event hub', () => {
  const removed: Event = { kind: 'devices-removed', deviceIds: [newId<DeviceId>()] };
  let hub: EventHub;
  let heard: [who: string, event: Event][];

  beforeEach(() => {
    hub = new EventHub();
    heard = [];
    hub.on('devices-removed', event => heard.push(['sessions', event]));
    hub.on('devices-removed', event => heard.push(['push', event]));
    hub.on('unheard', event => heard.push(['chat', event]));
    hub.relayTo(event => heard.push(['relay', event]));
  });

  it('says an event to every room that listens for its kind, in their order, before it is relayed', () => {
    hub.say(removed);
    expect(heard).toEqual([
      ['sessions', removed],
      ['push', removed],
      ['relay', removed],
    ]);
  });

  it('relays nothing that came from another process', () => {
    hub.sayHere(removed);
    expect(heard.map(([who]) => who)).toEqual(['sessions', 'push']);
  });

  it('relays nothing that concerns this process alone', () => {
    hub.say({ kind: 'unheard' });
    expect(heard.map(([who]) => who)).toEqual(['chat']);
  });

  it('loses an event that no room listens for, without an error', () => {
    expect(() => new EventHub().say(removed)).not.toThrow();
  });
});
