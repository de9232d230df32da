import { TestBed } from '@angular/core/testing';
import { inEnglish } from '../../i18n/testing/in-english';
import { FileDrops } from './file-drops';
import { Toast } from './toast';

describe('a file dropped on the app', () => {
  const drag = (type: 'dragover' | 'drop', target: Element, file?: File): boolean => {
    const dataTransfer = new DataTransfer();
    if (file) dataTransfer.items.add(file);
    else dataTransfer.setData('text/plain', 'words');
    return !target.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
  };
  const picture = new File(['x'], 'x.png', { type: 'image/png' });

  beforeEach(async () => {
    await inEnglish();
    TestBed.inject(FileDrops);
  });
  afterEach(() => TestBed.resetTestingModule());

  it('does not take the app away: the default is cancelled, and a sentence says why', () => {
    expect(drag('dragover', document.body, picture)).toBeTrue();
    expect(drag('drop', document.body, picture)).toBeTrue();
    expect(TestBed.inject(Toast).sentence()).toContain('cannot be sent yet');
  });

  it('is left to a field that takes files, as dropped text is to every field', () => {
    const field = document.createElement('input');
    field.type = 'file';
    document.body.append(field);
    expect(drag('drop', field, picture)).toBeFalse();
    expect(drag('dragover', document.body)).toBeFalse();
    expect(drag('drop', document.body)).toBeFalse();
    expect(TestBed.inject(Toast).sentence()).toBe('');
    field.remove();
  });
});
