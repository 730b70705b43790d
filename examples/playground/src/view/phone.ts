import { byId, setText } from './dom.js';

/** The simulated phone. A dialog is modal on its screen; the page around it stays lit, and can be used. */
export interface Phone {
  /**
   * Shows a dialog on the screen.
   *
   * @param field What of it takes the focus.
   * @param how `isModal`: nothing else on the phone can be reached meanwhile. `takesFocus`: whether the focus goes there from
   *   elsewhere on the page; from the phone it always does. `chart`: what the dialog belongs to, which stays in sight.
   */
  open(
    dialog: HTMLDialogElement,
    field: HTMLElement,
    how: { readonly isModal: boolean; readonly takesFocus: boolean; readonly chart: SVGSVGElement },
  ): void;
  close(dialog: HTMLDialogElement): void;
}

/** Where there is no room beside the chart, the phone is a sheet at the bottom. The same width as in the styles. */
const NARROW = '(max-width: 1040px)';
/** Where the window is so low that the sheet stands beside what it belongs to, as in the styles. */
const BESIDE = '(min-width: 600px) and (max-height: 600px)';

export function createPhone(): Phone {
  const phone = byId('phone', HTMLElement);
  const app = byId('phone-app', HTMLDivElement);
  const story = byId('story', HTMLElement);
  const toggle = byId('phone-toggle', HTMLButtonElement);
  const caption = byId('phone-toggle-text', HTMLSpanElement);
  const [narrow, beside] = [window.matchMedia(NARROW), window.matchMedia(BESIDE)];
  let isUp = false;
  /** Whether a dialog has raised the sheet: then it goes down with it. */
  let isRaised = false;

  const raise = (up: boolean) => {
    isUp = up;
    phone.classList.toggle('is-up', up);
    toggle.setAttribute('aria-expanded', String(up));
    setText(caption, up ? 'Close the phone' : 'Open the phone');
  };
  toggle.addEventListener('click', () => {
    isRaised = false;
    raise(!isUp);
  });

  /** What the sheet covers is scrolled past: what has the focus, and what a dialog explains. */
  const keepClear = () =>
    document.documentElement.style.setProperty(
      '--covered',
      narrow.matches && !beside.matches ? `${phone.getBoundingClientRect().height}px` : '0px',
    );
  new ResizeObserver(keepClear).observe(phone);
  /** The story may stay at the top of the window. */
  const isInSight = (element: Element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return top >= story.getBoundingClientRect().bottom && bottom <= window.innerHeight;
  };

  return {
    open(dialog, field, { isModal, takesFocus, chart }) {
      if (dialog.open) return;
      if (!isUp) {
        raise(true);
        isRaised = true;
      }
      const focused = document.activeElement;
      dialog.show();
      if (takesFocus || app.contains(focused)) field.focus({ preventScroll: true });
      else if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
      app.inert = isModal;
      phone.classList.add('is-asking');
      phone.classList.toggle('is-modal', isModal);
      if (narrow.matches) keepClear();
      const state = chart.querySelector('.is-active:not(.is-group)') ?? chart;
      if (narrow.matches || !isInSight(state)) state.scrollIntoView({ block: 'center' });
    },
    close(dialog) {
      if (!dialog.open) return;
      app.inert = false; // before it closes: the focus goes back to where it was
      phone.classList.remove('is-asking', 'is-modal');
      dialog.close();
      if (isRaised) raise(false);
      isRaised = false;
    },
  };
}
