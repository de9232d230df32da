import { Location } from '@angular/common';
import { TestBed } from '@angular/core/testing';
import { provideZonelessChangeDetection } from '@angular/core';
import { provideRouter, Router } from '@angular/router';
import { until } from '../call/testing/until';
import { Layers } from './layers';

describe('Layers', () => {
  let layers: Layers;
  let location: Location;
  let router: Router;
  let closed: string[];

  beforeEach(async () => {
    closed = [];
    TestBed.configureTestingModule({
      providers: [provideZonelessChangeDetection(), provideRouter([{ path: '**', children: [] }])],
    });
    router = TestBed.inject(Router);
    location = TestBed.inject(Location);
    layers = TestBed.inject(Layers);
    router.initialNavigation();
    await router.navigateByUrl('/chats');
    await router.navigateByUrl('/chats/mira');
  });

  /** A layer that closes when it is asked to. */
  const open = (name: string) => {
    const release = layers.open(() => {
      closed.push(name);
      release();
    });
    return release;
  };
  const path = () => location.path();
  const escape = (init: KeyboardEventInit = {}) => {
    const event = new KeyboardEvent('keydown', { key: 'Escape', cancelable: true, bubbles: true, ...init });
    document.dispatchEvent(event);
    return event;
  };

  it('closes the innermost layer at each Back and leaves the page beneath where it is', async () => {
    open('stage');
    open('sheet');
    location.back();
    await until('the sheet is closed', () => closed.length === 1);
    expect(closed).toEqual(['sheet']);
    location.back();
    await until('the stage is closed', () => closed.length === 2);
    expect([closed, path()]).toEqual([['sheet', 'stage'], '/chats/mira']);
    location.back();
    await until('the page before', () => path() === '/chats');
  });

  it('does not spend a Back on a layer that was closed in another way', async () => {
    open('stage');
    open('sheet')();
    location.back();
    await until('the stage is closed', () => closed.length === 1);
    expect([closed, path()]).toEqual([['stage'], '/chats/mira']);
  });

  it('goes back to the page before, at once, when no layer is open any more', async () => {
    open('stage')();
    location.back();
    await until('the page before', () => path() === '/chats');
    expect(closed).toEqual([]);
  });

  it('passes over the entry of a closed layer on the way back from a page that was opened after it', async () => {
    const release = open('ring');
    release();
    await router.navigateByUrl('/calls');
    location.back();
    await until('the conversation', () => path() === '/chats/mira');
    location.back();
    await until('the page before it', () => path() === '/chats');
  });

  it('passes over the entries of several closed layers, on the way out and on the way back', async () => {
    const sheet = (open('stage'), open('sheet'));
    sheet();
    layers.open(() => undefined)();
    location.back();
    await until('the stage is closed', () => closed.length === 1);
    open('stage')();
    await router.navigateByUrl('/calls');
    location.back();
    await until('the conversation', () => path() === '/chats/mira');
    const two = [open('stage'), open('sheet')];
    two.forEach(release => release());
    location.back();
    await until('the page before it', () => path() === '/chats');
  });

  it('uses the entry of a closed layer for the next one', async () => {
    open('ring')();
    open('stage');
    location.back();
    await until('the stage is closed', () => closed.length === 1);
    location.back();
    await until('the page before', () => path() === '/chats');
  });

  it('closes a layer first also where another page was opened beneath it', async () => {
    open('stage');
    await router.navigateByUrl('/calls');
    location.back();
    await until('the stage is closed', () => closed.length === 1);
    expect(path()).toBe('/calls');
  });

  it('closes the innermost layer at Escape, and keeps the browser from closing the dialog as well', () => {
    open('stage');
    open('chat');
    expect(escape().defaultPrevented).toBeTrue();
    expect(closed).toEqual(['chat']);
  });

  it('leaves Escape alone without a layer, and where it ends a composition', () => {
    expect(escape().defaultPrevented).toBeFalse();
    open('stage');
    escape({ isComposing: true });
    expect(closed).toEqual([]);
  });
});
