import { button, has, OverlayCall } from './testing/overlay-call';
import { until } from './testing/until';

describe('The picture of a call whose page is hidden', () => {
  let talk: OverlayCall;
  let handlers: Map<string, (() => void) | null>;
  let shownOver: string[];

  beforeEach(async () => {
    [handlers, shownOver] = [new Map(), []];
    spyOn(navigator.mediaSession, 'setActionHandler').and.callFake((action, handler) => {
      handlers.set(action, handler && (() => handler({ action })));
    });
    spyOn(HTMLVideoElement.prototype, 'requestPictureInPicture').and.callFake(function (this: HTMLVideoElement) {
      shownOver.push(this.className);
      return Promise.reject(new DOMException('', 'NotAllowedError'));
    });
    talk = await OverlayCall.open();
  });
  afterEach(() => talk.close());

  it('stands over all windows where the browser asks for it, from the stage as from the small view', async () => {
    await talk.talk();
    await until('the browser may ask', () => typeof handlers.get('enterpictureinpicture') === 'function');
    handlers.get('enterpictureinpicture')?.();
    expect(shownOver).toEqual(['remote']);
    button('Small view').click();
    await until('it is small', () => has('parley-small-call video'));
    handlers.get('enterpictureinpicture')?.();
    expect(shownOver.length).toBe(2);
    talk.call.leave();
    await until('it may ask no more', () => handlers.get('enterpictureinpicture') === null);
  });

  it('is not offered without a picture', async () => {
    await talk.talk('audio');
    expect(handlers.has('enterpictureinpicture')).toBeFalse();
  });
});
