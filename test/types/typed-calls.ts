/*
 * What the types of the calls promise, one variant of every component at least. Nothing here runs: `npm run typecheck` compiles
 * it, with TypeScript 5.9 and with 7.0. `Is` compares exactly, so a type that decays to `any` fails.
 */
import type { ApiRequest, StrongAuth, Subscription, SucceededMessage } from 'strong-auth-machine';
import type { GetParameters, SdkRequest, SetParameters, SubscribeResult } from 'strong-auth-machine/pims';

type Is<Actual, Expected> =
  (<T>() => T extends Actual ? 1 : 2) extends <T>() => T extends Expected ? 1 : 2 ? true : false;
const prove = <_Proof extends true>(): void => {};

type Flag = boolean | 'true' | 'false';
type Numeric = number | `${number}`;
type Nothing = Readonly<Record<string, never>> | undefined;

export async function components(strongAuth: StrongAuth) {
  const { get, set, subscribe } = strongAuth;

  // BasicAuthentication
  const token = await get('pims.authentication.token', { type: 'cvs', action: 'refresh' });
  prove<Is<typeof token.type, 'cvs' | undefined>>();
  const account = await get('pims.authentication.account', { actionType: 'basic', type: 'username' });
  prove<Is<typeof account.username, string | undefined>>();

  // BTConnectivity
  const connection = await get('pims.vehicle.connection');
  prove<Is<typeof connection.protocol, 'CEA' | 'Altran' | undefined>>();
  await set('pims.vehicle.service', {
    action: 'start',
    service: 'bluetooth',
    vins: { vin: 'V', gdpr: true },
  });

  // Carkey
  const carkey = await get('pims.vehicle.carkey');
  prove<Is<typeof carkey.isCarKeyVerified, Flag | undefined>>();

  // FCABasicAuthentication
  const user = await get('pims.authentication.user', { type: 'isLogged' });
  prove<Is<typeof user.isLogged, Flag | undefined>>();
  await set('pims.authentication.user', {
    action: 'login',
    isSocial: false,
    sessionExpiration: 3600,
    username: 'a@b.c',
    password: 'x',
  });

  // FCAStrongAuthentication
  const opened = await set('pims.authentication.session', { action: 'open', pinCode: '0987' });
  prove<Is<typeof opened, Nothing>>();

  // LongRangeRemoteRemote
  const doors = await set('pims.vehicle.command', { action: 'doors', doorState: 'lock' });
  prove<Is<typeof doors, Nothing>>();
  await set('pims.vehicle.vin', { actionType: 'remote', vin: 'VR1AB12C3D4567890' });
  await subscribe('pims.vehicle.signal', undefined, ({ result }) => {
    prove<Is<NonNullable<typeof result>['code'], Numeric | undefined>>();
  });

  // LongRangeRemoteStatus
  const informations = await get('pims.vehicle.informations', { action: 'refresh' });
  const resources = informations.vehicle?.ressources ?? informations.vehicle?.resources;
  const electric = resources?.status?.electricInformation;
  prove<Is<NonNullable<typeof electric>['chargingLevel'], Numeric | undefined>>();
  const remote = await subscribe(
    'pims.vehicle.event',
    { actionType: 'remote', type: ['remoteChargeFinished'] },
    ({ result, error }) => {
      prove<
        Is<
          NonNullable<typeof result>['notification'],
          'remoteChargeFinished' | 'remoteChargeInterrupted' | undefined
        >
      >();
      prove<Is<NonNullable<typeof error>['code'], string | number>>();
    },
  );
  prove<Is<typeof remote, Subscription>>();

  // Media
  const media = await get('pims.vehicle.media', { type: 'presetStation' });
  prove<Is<keyof typeof media, 'presets'>>();
  await set('pims.vehicle.media', { type: 'presetStation', action: 'save', stationID: 1, indexPreset: 2 });

  // O2X
  const o2x = await get('pims.vehicle.informations', { actionType: 'O2X' });
  prove<Is<typeof o2x.vin, string>>();

  // PushNotification
  await set('pims.sdk.event', { action: 'enable', type: 'remoteChargeFinished' });
  await set('pims.sdk.token', { action: 'registerPushToken', token: 't' });

  // SDK
  const version = await get('pims.sdk.version');
  prove<Is<typeof version.versionCore, string | undefined>>();

  // SendToNav
  const sent = await set('pims.vehicle.destination', {
    action: 'extension',
    preserve: true,
    extensionInformation: 'https://example.org',
  });
  prove<Is<NonNullable<typeof sent>['status'], 'notAvailable' | 'sent' | 'stored' | undefined>>();

  // StrongAuthentication
  const otp = await get('pims.authentication.otp', { action: 'withPIN', pinCode: '0042', resetStep: true });
  prove<Is<typeof otp.otp, string | undefined>>();
  const blocked = await get('pims.authentication.account', {
    actionType: 'strong',
    type: 'isAccountBlocked',
  });
  prove<
    Is<
      typeof blocked.isAccountBlocked,
      Flag | 'Unknown' | 'PinBlocked' | 'PINBlocked' | 'AccountBlocked' | 'NotBlocked' | undefined
    >
  >();

  // TripNDrive
  const trips = await get('pims.vehicle.trips', { action: 'count', vin: 'VR1AB12C3D4567890' });
  prove<Is<typeof trips.count, Numeric | undefined>>();

  // UserInformation
  await set('pims.subscription.vehicle', { action: 'removeProperty', vin: 'VR1AB12C3D4567890' });

  // UserVehicleSteps
  const steps = await get('pims.subscription.steps', { resetSteps: true, stepsStatus: 'todo' });
  prove<Is<typeof steps.stepsID, string | number | undefined>>();

  // VehicleInformation
  await set('pims.vehicle.vin', { vin: 'VR1AB12C3D4567890' });
}

export async function others(strongAuth: StrongAuth, api: string, parameters: Record<string, unknown>) {
  // A name that the reference does not know, or that is known at run time only: untyped.
  const unknown = await strongAuth.get('backend.transfer', { amount: 12 });
  prove<Is<typeof unknown, unknown>>();
  const late = await strongAuth.set(api, parameters, { timeoutMs: 1000 });
  prove<Is<typeof late, unknown>>();
  await strongAuth.subscribe('backend.feed', undefined, ({ result }) => prove<Is<typeof result, unknown>>());

  // The way out, for an SDK that differs from its reference.
  const own = await strongAuth.get<{ level: number }>('pims.vehicle.informations', { level: 3 });
  prove<Is<typeof own, { level: number }>>();

  // Parameters that are a union of variants, as a form may have them.
  const command = {} as SetParameters<'pims.vehicle.command'>;
  await strongAuth.set('pims.vehicle.command', command);
  prove<Is<NonNullable<GetParameters<'pims.authentication.otp'>>['action'], 'withPIN' | 'withoutPIN'>>();
  prove<Is<keyof SubscribeResult<'pims.vehicle.trips'>, 'type' | 'trip'>>();
}

export async function requests({ send }: StrongAuth, late: ApiRequest, api: string) {
  const version = await send({ verb: 'get', api: 'pims.sdk.version' }, { timeoutMs: 1000 });
  prove<Is<NonNullable<typeof version.result>['versionCore'], string | undefined>>();
  const lock = {
    verb: 'set',
    api: 'pims.vehicle.command',
    parameters: { action: 'doors', doorState: 'lock' },
  } satisfies SdkRequest;
  const locked = await send(lock);
  prove<Is<typeof locked.result, Nothing>>();
  await send({} as SdkRequest);
  await send({ verb: 'unsubscribe', api: 'pims.vehicle.event' });

  // A name of the app's own, or a request that is known at run time only: untyped.
  const own = await send({ verb: 'get', api: 'backend.transfer', parameters: { amount: 12 } });
  prove<Is<typeof own, SucceededMessage<unknown>>>();
  await send({ verb: 'set', api, parameters: { anything: true } });
  prove<Is<Awaited<ReturnType<typeof send<{ level: number }>>>['result'], { level: number } | undefined>>();
  await send<{ level: number }>({ verb: 'get', api: 'pims.new', parameters: { anything: true } });
  await send(late);
}

export async function wrong({ get, set, subscribe, send }: StrongAuth) {
  // @ts-expect-error no API of the SDK has this name
  await set('pims.vehicle.comand', { action: 'horn' });
  // @ts-expect-error it cannot be read
  await get('pims.vehicle.command', { action: 'horn' });
  // @ts-expect-error no API of the SDK has this name
  await send({ verb: 'unsubscribe', api: 'pims.vehicle.evnt' });
  // @ts-expect-error it cannot be sent without parameters
  await send({ verb: 'set', api: 'pims.vehicle.command' });
  // @ts-expect-error the action does not exist
  await set('pims.vehicle.command', { action: 'windows' });
  // @ts-expect-error the door state does not exist
  await set('pims.vehicle.command', { action: 'doors', doorState: 'open' });
  // @ts-expect-error a required parameter is missing
  await set('pims.vehicle.command', { action: 'doors' });
  // @ts-expect-error a parameter of another variant
  await set('pims.vehicle.command', { action: 'horn', doorState: 'lock' });
  // @ts-expect-error it cannot be called without parameters
  await set('pims.vehicle.command');
  // @ts-expect-error a PIN is a string: leading zeros count
  await get('pims.authentication.otp', { action: 'withPIN', pinCode: 1234 });
  // @ts-expect-error no such parameter since 2.3
  await get('pims.vehicle.informations', { action: 'get', vin: 'VR1AB12C3D4567890' });
  // @ts-expect-error one must listen
  await subscribe('pims.vehicle.event', { actionType: 'remote', type: ['remoteChargeFinished'] });
  // @ts-expect-error no such event
  await subscribe('pims.vehicle.event', { actionType: 'remote', type: ['doorOpened'] }, () => {});
}
