import { recoveryChart } from 'virtual:strong-auth-chart';
import type { SafeInspectionMessage } from 'strong-auth-machine/inspect';
import type { RecoveryFlow } from 'strong-auth-machine/recovery';
import type { Stage } from '../stage.js';
import { createChartView } from './chart.js';
import { statusOfPath } from './chart-model.js';
import { byId, setText } from './dom.js';
import { follow, type Moment } from './follow.js';

/** The chart of the recovery beside that of the client, where the app has one, and what starts its flows. */
export interface RecoveryView {
  hear(message: SafeInspectionMessage): void;
  /** @param past Shown in the place of the present. */
  draw(stage: Stage, past: Moment | undefined): void;
  clear(): void;
  readonly now: Moment;
}

export function createRecoveryView(current: () => Stage): RecoveryView {
  const panel = byId('recovery-panel', HTMLElement);
  const columns = byId('columns', HTMLDivElement);
  const buttons = byId('flows', HTMLFieldSetElement);
  const picture = createChartView(byId('recovery-chart', SVGSVGElement), recoveryChart);
  const at = (id: string) => byId(id, HTMLElement);
  const [status, means, flow, event, waitsFor, failure, sms] = [
    at('recovery-status'),
    at('recovery-means'),
    at('recovery-flow'),
    at('recovery-event'),
    at('recovery-waits'),
    at('recovery-failure'),
    at('recovery-sms'),
  ];
  const follower = follow(recoveryChart);

  for (const button of buttons.querySelectorAll<HTMLButtonElement>('[data-flow]'))
    button.addEventListener('click', () => current().recover(button.dataset.flow as RecoveryFlow));

  return {
    get now() {
      return follower.now;
    },
    hear: follower.hear,
    draw({ recovery, simulator }, past) {
      panel.hidden = recovery === undefined;
      buttons.hidden = recovery === undefined;
      columns.classList.toggle('has-recovery', recovery !== undefined);
      if (!recovery) return;
      const view = recovery.view.getSnapshot();
      const { active, taken, takenBy, event: last } = past ?? follower.now;
      const shown = past ? statusOfPath(active[0] ?? '') : view.status;
      setText(status, shown);
      setText(means, recoveryChart.states.find(({ name }) => name === shown)?.description ?? '');
      setText(flow, view.flow ? `${view.flow}()` : 'none yet');
      setText(event, last);
      setText(waitsFor, recovery.explain().waitingFor);
      setText(failure, view.failure ? `${view.failure.code}, remedy ${view.failure.remedy}` : 'none');
      setText(sms, String(simulator.enrolment.smsSent));
      picture.show({ active, taken, event: takenBy, counts: {} });
    },
    clear: follower.clear,
  };
}
