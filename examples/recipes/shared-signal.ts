import { bindCalls, type StrongAuth } from 'strong-auth-machine';

/** What a screen reads before it is shown: all of it ends when the user leaves, or takes no longer than half a minute. */
export async function loadScreen(strongAuth: StrongAuth, left: AbortSignal) {
  const { get } = bindCalls(strongAuth, AbortSignal.any([left, AbortSignal.timeout(30_000)]));
  const [informations, version] = await Promise.all([
    get('pims.vehicle.informations', { action: 'get' }),
    get('pims.sdk.version', undefined),
  ]);
  return { vehicle: informations.vehicle, version: version.versionCore };
}
