import { Component, input, output } from '@angular/core';

/** Something that is on or off, on the dark of a stage. */
@Component({
  selector: 'parley-stage-switch',
  template: `
    <button role="switch" [attr.aria-checked]="on()" (click)="changed.emit(!on())">
      <span class="text">
        <span>{{ label() }}</span>
        @if (hint()) {
          <small>{{ hint() }}</small>
        }
      </span>
      <span class="track" aria-hidden="true"></span>
    </button>
  `,
  styles: `
    button {
      display: flex;
      align-items: center;
      justify-content: space-between;
      gap: 16px;
      width: 100%;
      min-height: 52px;
      padding: 6px 2px;
      border: 0;
      background: none;
      color: #ffffff;
      text-align: start;
      cursor: pointer;
    }

    .text {
      display: flex;
      flex-direction: column;
    }

    small {
      font-size: 13px;
      color: #ffffffc2;
    }

    .track {
      position: relative;
      flex: none;
      width: 46px;
      height: 28px;
      border: 2px solid #ffffff8a;
      border-radius: 14px;
    }

    .track::after {
      content: '';
      position: absolute;
      top: 4px;
      left: 4px;
      width: 16px;
      height: 16px;
      border-radius: 50%;
      background: #ffffff8a;
      transition: translate var(--fast) var(--ease);
    }

    [aria-checked='true'] .track {
      border-color: #1b7d48;
      background: #1b7d48;
    }

    [aria-checked='true'] .track::after {
      translate: 18px 0;
      background: #ffffff;
    }

    @media (forced-colors: active) {
      .track::after {
        background: ButtonText;
      }

      [aria-checked='true'] .track {
        background: Highlight;
        forced-color-adjust: none;
      }
    }
  `,
})
export class StageSwitch {
  readonly label = input.required<string>();
  readonly hint = input('');
  readonly on = input.required<boolean>();
  readonly changed = output<boolean>();
}
