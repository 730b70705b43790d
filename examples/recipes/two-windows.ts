import type { StrongAuth } from 'strong-auth-machine';

/**
 * Two windows are two clients, each with its own prompt. What they have to tell each other is that the account has gone.
 *
 * @param channel `new BroadcastChannel('account')`: it reaches the other windows, and not this one.
 * @returns How to sign out everywhere, and how to leave.
 */
export function joinWindows(strongAuth: StrongAuth, channel: BroadcastChannel) {
  const heard = ({ data }: MessageEvent) => {
    if (data === 'signedOut') strongAuth.reset('signed out in another window');
    if (data === 'recovered') strongAuth.recovered();
  };
  channel.addEventListener('message', heard);
  return {
    signOut() {
      strongAuth.reset('signed out');
      channel.postMessage('signedOut');
    },
    /** The account was unblocked in this window. */
    recovered() {
      strongAuth.recovered();
      channel.postMessage('recovered');
    },
    leave: () => channel.removeEventListener('message', heard),
  };
}
