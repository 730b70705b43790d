import type { Transport } from 'strong-auth-machine';
import { checkLiveTransport } from 'strong-auth-machine/testing';

/** For a hidden page of your app: checks the real bridge and the real SDK. @returns Resolves with a report to show or print. */
export async function checkOnDevice(transport: Transport): Promise<string> {
  const report = await checkLiveTransport({ createTransport: () => transport });
  return report.text;
}
