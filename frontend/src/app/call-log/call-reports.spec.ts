import { TestBed } from '@angular/core/testing';
import { anId } from '#protocol/testing/ids';
import { below } from '../contacts/testing/below';
import { LOCAL_TABLES } from '../device/local-tables';
import { callLogTables } from './call-log-tables';
import { type CallReport } from './call-report';
import { CallReports } from './call-reports';

const report = (at: number): CallReport => ({
  callId: anId(`call ${at}`),
  at,
  relayed: false,
  weather: { good: 10_000 },
  causes: {},
  pausedMs: 0,
  gaps: 0,
  longestGapMs: 0,
  lastedMs: 10_000,
  end: 'hung-up',
});

describe('the reports of calls', () => {
  let room: ReturnType<typeof below>;
  const open = () => {
    TestBed.resetTestingModule();
    TestBed.configureTestingModule({
      providers: [...room.providers, { provide: LOCAL_TABLES, useValue: callLogTables, multi: true }],
    });
    return TestBed.inject(CallReports);
  };
  beforeEach(() => {
    room = below();
  });
  afterEach(() => room.end());

  it('are on this device after the page was left, the latest fifty of them', async () => {
    const reports = open();
    await Promise.all(Array.from({ length: 52 }, (_, at) => reports.keep(report(at))));
    const later = open();
    expect(later.reports().size).toBe(0);
    await later.load();
    expect(later.reports().size).toBe(50);
    expect(later.reports().has(anId('call 51'))).toBeTrue();
    expect(later.reports().has(anId('call 1'))).toBeFalse();
    expect(later.reports().get(anId('call 7'))).toEqual(report(7));
  });
});
