import { createElement, Fragment, type ReactNode, StrictMode } from 'react';
import { createRoot, hydrateRoot } from 'react-dom/client';
import { settle } from '../support/checks.js';
import type { createCountedStage } from '../support/counted.js';

/** Throws if the two do not look the same. */
export function same(actual: unknown, expected: unknown, what: string): void {
  const [seen, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (seen !== wanted) throw new Error(`${what}: should be ${wanted}, and is ${seen}`);
}

/** Renders on the page. @returns What is there, and how it goes. */
export async function show(children: ReactNode, { strict = false } = {}) {
  const place = document.body.appendChild(document.createElement('main'));
  const root = createRoot(place);
  const render = async (next: ReactNode) => {
    root.render(createElement(strict ? StrictMode : Fragment, null, next));
    await settle();
    await settle(); // what effects ask for comes a turn later
  };
  await render(children);
  const find = <Found extends HTMLElement>(part: string): Found => {
    const found = place.querySelector<Found>(`[data-testid="${part}"]`);
    if (!found) throw new Error(`there is no ${part}`);
    return found;
  };
  return {
    place,
    render,
    find,
    has: (part: string) => place.querySelector(`[data-testid="${part}"]`) !== null,
    text: (part: string) => find(part).textContent,
    async click(part: string) {
      find(part).click();
      await settle();
    },
    async unmount() {
      root.unmount();
      await settle();
      place.remove();
    },
  };
}

/**
 * Lets an app take over, in StrictMode, what a server has rendered of it, and ends it again.
 *
 * @param busy Whether the user is asked for the PIN already, of which the server knew nothing.
 * @param end What the app has to let go of beside what it renders.
 */
export async function takeOver(
  html: string,
  app: ReactNode,
  {
    stage,
    busy,
    end,
  }: { stage: ReturnType<typeof createCountedStage>; busy: boolean; end?: (() => void) | undefined },
): Promise<void> {
  const place = document.body.appendChild(document.createElement('main'));
  place.innerHTML = html;
  const status = place.querySelector('[data-testid="status"]');
  same(status?.textContent, 'idle', 'status from the server');
  const complaints: string[] = [];
  const root = hydrateRoot(place, createElement(StrictMode, null, app), {
    onRecoverableError: (error) => complaints.push(String(error)),
  });
  await settle();
  await settle(); // what effects ask for comes a turn later
  same(complaints, [], 'what React had to recover from');
  same(
    place.querySelector('[data-testid="status"]') === status,
    true,
    'the element is the one of the server',
  );
  same(status?.textContent, busy ? 'needStrongAuth' : 'idle', 'status after hydration');
  same(place.querySelector('[data-testid="pad"]') !== null, busy, 'the pad is there');
  if (!busy) await stage.challenge();
  same(status?.textContent, 'needStrongAuth', 'status after a challenge');
  root.unmount();
  end?.();
  await settle();
  same(stage.listening(), 0, 'listeners after unmount');
  place.remove();
}
