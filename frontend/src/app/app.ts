import { Component } from '@angular/core';

@Component({ selector: 'parley-root', template: `Parley` })
export class App {}
