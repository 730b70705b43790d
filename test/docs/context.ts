import {
  type ApiMessage,
  type ApiRequest,
  createPinPad,
  createStrongAuth,
  type EnterPin,
  fromPims,
  type StrongAuth,
  type Transport,
} from 'strong-auth-machine';
import { createSimulator } from 'strong-auth-machine/simulator';

/*
 * What code blocks of the documentation may take for granted, by `<!-- context: name, name -->` above them. All of it is real:
 * a block that uses it can be run.
 */

/** The SDK, as an app has it. */
export const pims = createSimulator({ pin: '1234' });

/** A way to ask the user. */
export const enterPin: EnterPin = pims.enterPin;

/** The SDK as a transport. */
export const transport: Transport = fromPims(pims);

/** A pad that a screen shows. */
export const pinPad = createPinPad();

/** A client that is running. */
export const strongAuth: StrongAuth = createStrongAuth({ transport, enterPin });

/** A call of the app's own back end, whatever it is. */
export async function callBackEnd(request: ApiRequest, _signal: AbortSignal): Promise<ApiMessage> {
  return { transactionId: 'back end', status: 'SUCCEEDED', result: { api: request.api } };
}

/** Shows the user a sentence. */
export function show(sentence: string): void {
  console.log(sentence);
}
