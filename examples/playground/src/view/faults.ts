import type { AccountState, Fault, FaultMatch, HeldAnswers } from 'strong-auth-machine/simulator';
import type { Stage, StageOptions } from '../stage.js';
import { byId, html, setText } from './dom.js';

/** The panel of what goes wrong. */
export interface FaultsView {
  draw(stage: Stage): void;
  /** What the panel says a new world is to be like. */
  readonly world: StageOptions['world'];
}

/** Faults of one request, by their names in the panel. */
const faults: Readonly<Record<string, Fault>> = {
  'slow, by 3 s': { kind: 'slow', ms: 3000 },
  'late, after the time-out': { kind: 'slow', ms: 12_000 },
  'dropped: done, but not answered': { kind: 'drop' },
  'lost on the way': { kind: 'lose' },
  'answered twice': { kind: 'duplicate' },
  'answered with nonsense': { kind: 'malformed', message: { status: 'PENDING' } },
  '2302 once more': { kind: 'challenge' },
  'refused with 2204': { kind: 'fail', code: 2204 },
  'refused with 2201': { kind: 'fail', code: 2201 },
  'the SDK throws': { kind: 'throw' },
  'no result': { kind: 'noResult' },
  'the code as text': { kind: 'stringCode' },
};

const targets: Readonly<Record<string, FaultMatch>> = {
  command: { api: 'pims.vehicle.command' },
  status: { api: 'pims.vehicle.informations' },
  otp: { api: 'pims.authentication.otp' },
  any: {},
};

/** A device as its choice in the panel is called: `known`, or with what it is refused and until when. */
const nameOf = (device: AccountState['device']): string =>
  device === 'known' ? device : `${device.refuses} ${device.until}`;
const deviceOf = (name: string): AccountState['device'] => {
  if (name === 'known') return name;
  return {
    refuses: name.startsWith('2312') ? 2312 : 2317,
    until: name.endsWith('reset') ? 'reset' : 'never',
  };
};

export function createFaultsView(current: () => Stage, restart: () => void): FaultsView {
  const offline = byId('offline', HTMLInputElement);
  const blocked = byId('blocked', HTMLInputElement);
  const device = byId('device', HTMLSelectElement);
  const kind = byId('fault-kind', HTMLSelectElement);
  const target = byId('fault-target', HTMLSelectElement);
  const hold = byId('hold', HTMLButtonElement);
  const session = byId('session', HTMLSpanElement);
  const wrongPins = byId('wrong-pins', HTMLSpanElement);
  const hits = byId('faults-hit', HTMLParagraphElement);
  const ttl = byId('ttl', HTMLSelectElement);
  const tries = byId('tries', HTMLSelectElement);
  let stage: Stage | undefined;
  let held: HeldAnswers | undefined;
  let added = 0;

  kind.append(...Object.keys(faults).map((name) => html('option', { text: name })));
  offline.addEventListener('change', () => {
    const { simulator } = current();
    if (offline.checked) simulator.goOffline();
    else simulator.goOnline();
  });
  blocked.addEventListener('change', () => current().block(blocked.checked));
  device.addEventListener('change', () => current().setDevice(deviceOf(device.value)));
  byId('session-grant', HTMLButtonElement).addEventListener('click', () => current().grantSession());
  byId('session-expire', HTMLButtonElement).addEventListener('click', () => current().expireSession());
  byId('fault', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    const fault = faults[kind.value];
    if (!fault) return;
    current().simulator.script(targets[target.value] ?? {}, fault);
    added += 1;
    draw(current());
  });
  hold.addEventListener('click', () => {
    if (held) held.release();
    held = held ? undefined : current().simulator.hold({ api: 'pims.vehicle.informations' });
    draw(current());
  });
  byId('break-pad', HTMLButtonElement).addEventListener('click', () => current().breakPad());
  byId('desk-break-pad', HTMLButtonElement).addEventListener('click', () => current().breakPad());
  byId('restart', HTMLButtonElement).addEventListener('click', restart);
  for (const select of [ttl, tries]) select.addEventListener('change', restart);

  const draw = (shown: Stage) => {
    if (shown !== stage) {
      stage = shown;
      held = undefined;
      added = 0;
      offline.checked = false;
    }
    const { account } = shown.simulator;
    blocked.checked = account.isBlocked;
    if (document.activeElement !== device) device.value = nameOf(account.device);
    setText(wrongPins, `wrong PINs ${account.wrongPins}/${tries.value}`);
    const left = ((account.sessionEndsAt ?? 0) - shown.clock.now()) / 1000;
    setText(session, left > 0 ? `Strong access for ${Math.ceil(left)} s` : 'No strong access');
    setText(hold, held ? `Release (${held.arrived} held)` : 'Hold status answers');
    hold.setAttribute('aria-pressed', String(held !== undefined));
    const hit = Object.values(shown.simulator.effects.faults).reduce((sum, times) => sum + times, 0);
    setText(hits, added + hit > 0 ? `${Math.max(added, hit)} added, ${hit} hit` : '');
  };

  return {
    draw,
    get world() {
      return { sessionTtlMs: Number(ttl.value), pinTries: Number(tries.value) };
    },
  };
}
