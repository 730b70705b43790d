import type { QuestionKind, QuestionReason, RecoveryView } from 'strong-auth-machine/recovery';

/** What is asked, in words. */
export const questions: Readonly<Record<QuestionKind, string>> = {
  pin: 'PIN of your account',
  newPin: 'A new PIN, 4 to 8 digits',
  smsCode: 'Code of the SMS',
  phoneNumber: 'Your phone number',
  confirmRemoval: 'Every phone of your account is removed, and has to be registered again.',
};

/** Why it is asked; nothing where the question says it. */
export const reasons: Readonly<Record<QuestionReason, string>> = {
  needed: '',
  malformed: 'That cannot be right. Nothing was sent.',
  pinRejected: 'That was not the PIN.',
  pinReused: 'That is the PIN you had. Choose another one.',
  smsUncertain: 'The SMS may be on its way.',
  smsRejected: 'That was not the code.',
  smsExpired: 'That code is too old.',
  accountBlocked: 'Your account is blocked.',
  notEnrolled: 'This phone is not registered.',
};

/** @returns How the recovery is getting on. */
export function progressOf({ status, question, failure }: RecoveryView): string {
  if (status === 'idle') return '';
  if (status === 'done') return 'This phone is registered.';
  if (failure) return `Not registered (${failure.code}).`;
  return question ? '' : 'One moment…';
}
