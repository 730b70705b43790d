/*
 * What the types of `strong-auth-machine/zustand` take: stores of zustand 4 and 5, with its middleware. Nothing here runs:
 * `npm run typecheck` compiles it.
 */
import type { StrongAuth, StrongAuthView } from 'strong-auth-machine';
import { bindStrongAuth, type StrongAuthSlice, strongAuthSlice } from 'strong-auth-machine/zustand';
import { create, createStore } from 'zustand';
import { devtools, persist, subscribeWithSelector } from 'zustand/middleware';
import create4, { createStore as createStore4 } from 'zustand-4';
import { devtools as devtools4, subscribeWithSelector as subscribeWithSelector4 } from 'zustand-4/middleware';

type Is<Actual, Expected> =
  (<T>() => T extends Actual ? 1 : 2) extends <T>() => T extends Expected ? 1 : 2 ? true : false;
const prove = <_Proof extends true>(): void => {};

interface State extends StrongAuthSlice {
  readonly theme: 'light' | 'dark';
  setTheme(theme: 'light' | 'dark'): void;
}

export function stores(strongAuth: StrongAuth) {
  const useApp = create<State>()(
    devtools(
      persist(
        subscribeWithSelector((set) => ({
          ...strongAuthSlice(strongAuth),
          theme: 'dark',
          setTheme: (theme) => set({ theme }),
        })),
        { name: 'app', partialize: ({ theme }) => ({ theme }) },
      ),
    ),
  );
  const unbind = bindStrongAuth(useApp, strongAuth);
  prove<Is<typeof unbind, () => void>>();
  prove<Is<ReturnType<typeof useApp.getState>['strongAuth'], StrongAuthView>>();

  bindStrongAuth(
    createStore<StrongAuthSlice>()(() => strongAuthSlice(strongAuth)),
    strongAuth,
  );
  const state = (): State => ({ ...strongAuthSlice(strongAuth), theme: 'dark', setTheme() {} });
  bindStrongAuth(create4<State>()(devtools4(subscribeWithSelector4(state))), strongAuth);
  bindStrongAuth(createStore4<State>()(state), strongAuth);
  const other = createStore(() => ({ theme: 'dark' }));
  // @ts-expect-error its state has no such slice
  bindStrongAuth(other, strongAuth);
}
