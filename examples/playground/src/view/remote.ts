import { type CommandId, commands, together } from '../commands.js';
import type { Stage } from '../stage.js';
import { byId, setText } from './dom.js';

/** The car remote: the buttons, and the car. */
export interface RemoteView {
  draw(stage: Stage): void;
}

/** What a button says, by what the car does now. */
const captions: Partial<Record<CommandId, (stage: Stage) => string>> = {
  charge: ({ simulator }) => (simulator.car.isCharging ? 'Stop charge' : 'Charge'),
  climate: ({ simulator }) => (simulator.car.isPreconditioning ? 'Stop climate' : 'Climate'),
  events: ({ isSubscribed }) => (isSubscribed ? 'End events' : 'Events'),
};

const isCommand = (id: string | undefined): id is CommandId => id !== undefined && id in commands;

export function createRemoteView(current: () => Stage): RemoteView {
  const buttons = [...document.querySelectorAll<HTMLButtonElement>('[data-command]')];
  const ensure = byId('ensure', HTMLButtonElement);
  const car = byId('car', HTMLElement);
  const text = byId('car-text', HTMLElement);
  const pin = byId('right-pin', HTMLElement);
  const loadCount = byId('load-count', HTMLSelectElement);
  let [horns, flashes] = [0, 0];

  const press = (button: HTMLButtonElement) => {
    const id = button.dataset.command;
    if (isCommand(id)) current().run(commands[id]);
  };
  for (const button of buttons) button.addEventListener('click', () => press(button));
  byId('together', HTMLButtonElement).addEventListener('click', () => {
    for (const id of together) current().run(commands[id]);
  });
  ensure.addEventListener('click', () => current().ensure());
  byId('load', HTMLButtonElement).addEventListener(
    'click',
    () => void current().load(Number(loadCount.value)),
  );
  byId('cancel-wave', HTMLButtonElement).addEventListener('click', () => current().client.cancel());
  byId('recovered', HTMLButtonElement).addEventListener('click', () => current().client.recovered());
  byId('sign-out', HTMLButtonElement).addEventListener('click', () => current().client.reset());
  byId('dispose', HTMLButtonElement).addEventListener('click', () => current().client.dispose());

  /** Plays an animation of the car once more. */
  const play = (name: string) => {
    car.classList.remove(name);
    void car.offsetWidth; // begins anew
    car.classList.add(name);
  };

  return {
    draw(stage) {
      const { car: now } = stage.simulator;
      setText(pin, stage.simulator.pin ?? 'none');
      for (const button of buttons) {
        const id = button.dataset.command as CommandId;
        setText(button, captions[id]?.(stage) ?? button.textContent ?? '');
        // Not `disabled`, which would take the focus away from under the finger.
        button.setAttribute('aria-disabled', String(stage.isBusy(id)));
      }
      ensure.setAttribute('aria-disabled', String(stage.isBusy('ensure')));
      car.classList.toggle('is-locked', now.isLocked);
      car.classList.toggle('is-charging', now.isCharging);
      car.classList.toggle('is-heating', now.isPreconditioning);
      if (now.horns > horns) play('sounds');
      if (now.flashes > flashes) play('flashes');
      [horns, flashes] = [now.horns, now.flashes];
      setText(
        text,
        [
          now.isLocked ? 'locked' : 'unlocked',
          now.isCharging ? 'charging' : 'not charging',
          now.isPreconditioning ? 'climate on' : 'climate off',
          `horn ${now.horns}`,
          `lights ${now.flashes}`,
        ].join(' · '),
      );
    },
  };
}
