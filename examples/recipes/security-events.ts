import type { StrongAuth } from 'strong-auth-machine';

const CAEP = 'https://schemas.openid.net/secevent/caep/event-type';
const RISC = 'https://schemas.openid.net/secevent/risc/event-type';

/** What an event of the OpenID Shared Signals Framework means for a client. Others mean nothing: a challenge says what is needed. */
const reactions: Readonly<Record<string, (strongAuth: StrongAuth) => void>> = {
  [`${CAEP}/session-revoked`]: ({ reset }) => reset('session revoked'),
  [`${RISC}/account-disabled`]: ({ reset }) => reset('account disabled'),
  [`${RISC}/account-enabled`]: ({ recovered }) => recovered(),
  [`${CAEP}/credential-change`]: ({ recovered }) => recovered(), // a new PIN, or a device that was enrolled
};

/** @param events The claim `events` of a security event token that your back end has checked, and pushed to this app. */
export function onSecurityEvents(strongAuth: StrongAuth, events: Readonly<Record<string, unknown>>): void {
  for (const type of Object.keys(events)) reactions[type]?.(strongAuth);
}
