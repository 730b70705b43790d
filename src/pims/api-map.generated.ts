// Written by scripts/pims/generate.ts from scripts/pims/*.json. Change those, not this.

import type { BareOrList, Flag, NoParameters, NoResult, Numeric, Text } from './wire.js';

/** `vins` of `set pims.vehicle.service`. */
export interface VinConsent {
  readonly vin: string;
  readonly gdpr: boolean;
}

/** `vins` of `get pims.vehicle.vins`. */
export interface StoredVinConsent {
  readonly vin: string;
  readonly gdpr: Flag;
}

/** `programs` of `set pims.vehicle.command`. */
export interface PreconditioningProgram {
  readonly hour: number;
  readonly minute: number;
  readonly isEnabled: boolean;
  readonly occurrence: readonly ('mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun')[];
  readonly occurence?: readonly ('mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun')[];
  readonly slot: number;
}

/** `fuelInformation` of {@link VehicleStatus}. */
export interface FuelInformation {
  readonly autonomy?: Numeric;
  /** % */
  readonly chargingLevel?: Numeric;
  /** date and time */
  readonly lastUpdate?: string;
  readonly consumption?: Numeric;
  readonly type?: 'electric' | 'fuel';
}

/** `doorStateInformation` of {@link VehicleStatus}. */
export interface DoorStates {
  readonly isDriverDoorOpened?: Flag;
  readonly isPassengerDoorOpened?: Flag;
  readonly isRearLeftDoorOpened?: Flag;
  readonly isRearRightDoorOpened?: Flag;
  readonly isRearWindowOpened?: Flag;
  readonly isRoofWindowOpened?: Flag;
  readonly isTrunkDoorOpened?: Flag;
  readonly state?: BareOrList<
    | 'Unlocked'
    | 'Locked'
    | 'SuperLocked'
    | 'DriverDoorUnlocked'
    | 'CabinDoorsUnlocked'
    | 'CargoDoorsLocked'
    | 'CargoDoorsUnlocked'
    | 'RearDoorsUnlocked'
    | 'RearDoorsLocked'
    | 'TrunkLocked'
  >;
}

/** `PrecondScheduling` of {@link PreconditioningInformation}. */
export interface PreconditioningSchedule {
  readonly hour?: Numeric;
  readonly isEnabled?: Flag;
  readonly recurrence?: 'Daily' | 'None';
  readonly occurrence?: readonly ('Mon' | 'Tue' | 'Wed' | 'Thu' | 'Fri' | 'Sat' | 'Sun')[];
  readonly occurence?: readonly ('Mon' | 'Tue' | 'Wed' | 'Thu' | 'Fri' | 'Sat' | 'Sun')[];
  readonly slot?: Numeric;
  readonly minute?: Numeric;
}

/** `precondInformation` of {@link VehicleStatus}. */
export interface PreconditioningInformation {
  /** date and time */
  readonly lastUpdate?: string;
  readonly PrecondScheduling?: PreconditioningSchedule;
  readonly status?: 'Unknown' | 'Disabled' | 'Enabled' | 'Finished' | 'Failure';
}

/** `ChargingInfo` of {@link ElectricInformation}. */
export interface ChargingInformation {
  readonly chargingMode?: 'SLOW' | 'QUICK' | 'NO' | 'UNKNOWN';
  /** % */
  readonly chargingRate?: Numeric;
  readonly isPlugged?: Flag;
  /** duration */
  readonly nextDeferredChargingDate?: string;
  readonly chargingState?: 'DISCONNECTED' | 'INPROGRESS' | 'FAILURE' | 'STOPPED' | 'FINISHED' | 'UNKNOWN';
  /** duration */
  readonly remainingTime?: string;
}

/** `electricInformation` of {@link VehicleStatus}. */
export interface ElectricInformation {
  readonly autonomy?: Numeric;
  readonly ChargingInfo?: ChargingInformation;
  /** % */
  readonly chargingLevel?: Numeric;
  /** date and time */
  readonly lastUpdate?: string;
  readonly type?: 'electric' | 'fuel';
}

/** `status` of {@link VehicleResources}. */
export interface VehicleStatus {
  readonly lastUpdate?: string;
  readonly fuelInformation?: FuelInformation;
  readonly doorStateInformation?: DoorStates;
  readonly precondInformation?: PreconditioningInformation;
  readonly electricInformation?: ElectricInformation;
  readonly vehicleType?: string;
  readonly vin: string;
}

/** `ressources` of {@link Vehicle}, `resources` of {@link Vehicle}. */
export interface VehicleResources {
  readonly status?: VehicleStatus;
}

/** `attributes` of {@link Vehicle}. */
export interface VehicleAttributes {
  readonly engine?: 'BEV' | 'PHEV' | 'Thermal';
  readonly vin: string;
  readonly brand?: 'peugeot' | 'citroen' | 'opel' | 'vauxhall';
}

/** `vehicle` of `subscribe pims.vehicle.signal`, `vehicle` of `get pims.vehicle.informations`. */
export interface Vehicle {
  readonly ressources?: VehicleResources;
  readonly resources?: VehicleResources;
  readonly attributes?: VehicleAttributes;
}

/** `sources` of `get pims.vehicle.media`, `sources` of `subscribe pims.vehicle.media`. */
export interface MediaSource {
  readonly id?: string;
  readonly type?: 'bluetooth' | 'usb' | 'webPortal' | 'tuner' | 'ipod' | 'tunerFm' | 'tunerAm' | 'tunerDab';
  readonly name?: string;
}

/** `presets` of `get pims.vehicle.media`. */
export interface PresetStation {
  readonly sid?: Numeric;
  readonly band?: 'am' | 'fm' | 'dab';
  readonly name?: string;
  readonly preset?: Text;
  /** MHz */
  readonly frequency?: Text;
  readonly channel?: string;
  readonly serviceIndex?: Numeric;
  readonly serviceCount?: Numeric;
}

/** `stations` of `get pims.vehicle.media`, `stations` of `subscribe pims.vehicle.media`. */
export interface ScannedStation {
  readonly sid?: Numeric;
  readonly channelName?: string;
  /** MHz */
  readonly frequency?: Text;
  readonly preset?: Text;
  readonly name?: string;
  readonly programName?: string;
  readonly serviceCount?: Numeric;
  readonly serviceIndex?: Numeric;
  readonly used?: Numeric;
  readonly band?: 'am' | 'fm' | 'dab';
}

/** `radioInfo` of `subscribe pims.vehicle.media`. */
export interface RadioInformation {
  readonly sid?: Numeric;
  readonly band?: 'am' | 'fm' | 'dab';
  readonly name?: string;
  readonly memory?: Numeric;
  /** MHz */
  readonly frequency?: Text;
  readonly channel?: string;
  readonly serviceIndex?: Numeric;
  readonly serviceCount?: Numeric;
}

/** `sound` of `subscribe pims.vehicle.media`. */
export interface SoundSettings {
  /** 0 to 100 */
  readonly volume?: Numeric;
  readonly mute?: Flag;
}

/** `currentAlert` of `get pims.vehicle.informations`, `previousAlert` of `get pims.vehicle.informations`, `currentAlert` of `subscribe pims.vehicle.informations`, and 1 more. */
export interface O2xAlert {
  readonly parkingBrake?: Flag;
  readonly clusterIssue?: Flag;
  readonly stop?: Flag;
  readonly batteryCharge?: Flag;
  readonly brakeSystemProblem?: Flag;
  readonly service?: Flag;
  readonly batteryTemperature?: Flag;
  readonly turtleMode?: Flag;
}

/** `batterySoc` of {@link O2xData}, `remainingAutonomy` of {@link O2xData}, `chargeDelay` of {@link O2xData}, and 1 more. */
export interface Measure {
  readonly value?: string;
  readonly unit?: string;
}

/** `data` of `get pims.vehicle.informations`, `data` of `subscribe pims.vehicle.informations`. */
export interface O2xData {
  readonly batterySoc?: Measure;
  readonly systemState?:
    | 'init'
    | 'standby'
    | 'driving'
    | 'charging'
    | 'noticed'
    | 'powerdown'
    | 'sleep'
    | 'unknown';
  readonly batteryState?:
    | 'ready'
    | 'maintenaceautoid'
    | 'bootloader'
    | 'maintenancelogflash'
    | 'maintenanceexit'
    | 'maintenanceinit'
    | 'shutdownwait'
    | 'bootwait'
    | 'bootexit'
    | 'bootinit'
    | 'errorwait'
    | 'errorexit'
    | 'errorinit'
    | 'chargewait'
    | 'chargeheatingaftercharging'
    | 'chargeopenpwrrelays'
    | 'chargechargingwithheating'
    | 'chargecharging'
    | 'chargeclosepwrrelays'
    | 'chargeheatingforcharging'
    | 'chargecheckchargerstatus'
    | 'chargeactivebaltest'
    | 'chargeexit'
    | 'chargeinit'
    | 'downgradedsafetyline'
    | 'downgradedopenpwrrelays'
    | 'downgradedheating'
    | 'downgradedrunning'
    | 'downgradedclosepwrrelays'
    | 'downgradedexit'
    | 'downgradedinit'
    | 'runwaiting'
    | 'runsafetyline'
    | 'runopenpwrrelays'
    | 'runheating'
    | 'runrunning'
    | 'runclosepwrrelays'
    | 'runexit'
    | 'runinit'
    | 'docerror'
    | 'unknown';
  readonly remainingAutonomy?: Measure;
  readonly rnd?: 'unknown' | 'reverse' | 'neutral' | 'drive';
  readonly chargeDelay?: Measure;
  readonly parkBrakeStatus?: 'activated' | 'notActivated' | 'unknown';
  readonly totalOdometer?: Measure;
}

/** `services` of `get pims.vehicle.services`. */
export interface ServiceStatus {
  readonly name?: string;
  readonly status?: BareOrList<'started' | 'stopped' | 'notLoaded'>;
}

/** `monitoring` of `set pims.vehicle.configuration`. */
export interface O2xMonitoring {
  readonly loglevel: 'low' | 'high';
}

/** `notifications` of {@link PushEvents}. */
export interface PushNotification {
  readonly name?: 'remoteChargeFinished' | 'remoteChargeInterrupted';
  readonly status?: 'disabled' | 'enabled';
}

/** `events` of `get pims.sdk.event`. */
export interface PushEvents {
  readonly vin: string;
  readonly notifications?: readonly PushNotification[];
}

/** `monitoring` of `set pims.sdk.configuration`. */
export interface SdkMonitoring {
  readonly logLevel?: 'none' | 'low' | 'medium' | 'high';
  readonly newLogFile?: 'appLaunch' | 'day' | 'duration';
  /** minutes, 5 to 1440 */
  readonly newLogTimeDuration?: number;
}

/** `credential` of `set pims.sdk.configuration`. */
export interface SdkCredential {
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly macID?: string;
  readonly inWeboURL?: string;
  readonly webviewsRedirectURI?: string;
  readonly loginRedirectURI?: string;
}

/** `profile` of `set pims.sdk.configuration`. */
export interface SdkProfile {
  readonly brand?: 'Peugeot' | 'Citroen' | 'Ds' | 'Opel' | 'Vauxhall';
}

/** `location` of `get pims.vehicle.coordinate`, `Location` of `subscribe pims.vehicle.event`, `location` of {@link Destination}. */
export interface Place {
  readonly latitude?: Numeric;
  readonly longitude?: Numeric;
  readonly address?: string;
}

/** `destinations` of `get pims.vehicle.destinations`. */
export interface Destination {
  readonly vin?: string;
  readonly userid?: string;
  readonly location?: Place;
}

/** `location` of `set pims.vehicle.destination`. */
export interface Coordinates {
  readonly latitude: number;
  readonly longitude: number;
}

/** `destination` of {@link Trip}, `end` of {@link Trip}, `start` of {@link Trip}. */
export interface TripPoint {
  /** m */
  readonly altitude: Numeric;
  readonly city: string;
  readonly country: string;
  /** UTC date and time */
  readonly date: string;
  readonly intersection: string;
  readonly latitude: Numeric;
  readonly longitude: Numeric;
  /** km */
  readonly mileage: Numeric;
  readonly postalCode: Text;
  readonly quality: Numeric;
  readonly street: string;
  readonly streetNumber: string;
}

/** `trip` of `get pims.vehicle.trip`, `trips` of `get pims.vehicle.trips`, `trips` of `set pims.vehicle.trips`, and 1 more. */
export interface Trip {
  readonly alerts?: readonly Numeric[];
  readonly category?: string;
  /** UTC date and time */
  readonly createdAt?: string;
  readonly daysUntilNextMaintenance?: Numeric;
  readonly destination?: TripPoint;
  /** km */
  readonly distance?: Numeric;
  /** km */
  readonly distanceToNextMaintenance?: Numeric;
  readonly end?: TripPoint;
  /** km */
  readonly fuelAutonomy?: Numeric;
  /** mm3 */
  readonly fuelConsumption?: Numeric;
  /** % */
  readonly fuelLevel?: Numeric;
  readonly id?: Numeric;
  readonly maintenancePassed?: Flag;
  readonly mergedIds?: readonly Numeric[];
  /** km */
  readonly otherEnergyAutonomy?: Numeric;
  readonly otherEnergyConsumption?: Numeric;
  /** km */
  readonly otherEnergyDistance?: Numeric;
  /** % */
  readonly otherEnergyLevel?: Numeric;
  readonly otherEnergyType?: 0 | '0' | 1 | '1';
  readonly priceElectric?: Numeric;
  readonly priceFuel?: Numeric;
  readonly source?: 'BTA' | 'Altran' | 'CEA' | 'Merge' | 'Unknown';
  readonly start?: TripPoint;
  readonly travelTime?: Numeric;
  readonly tripNumber?: Numeric;
  /** UTC date and time */
  readonly updatedAt?: string;
  /** e-mail */
  readonly user?: string;
  readonly vin: string;
}

/** `data` of `set pims.vehicle.trips`. */
export interface TripEdit {
  readonly category?: string;
  readonly priceFuel?: Numeric;
  readonly priceElectric?: Numeric;
}

/** `services` of `get pims.subscription.services`. */
export interface SubscribedService {
  readonly name?: string;
  readonly code?: string;
}

/** `trusterPhoneNumber` of `get pims.subscription.step`, `deviceActivation` of `get pims.subscription.step`, `mediumCarKey` of `get pims.subscription.step`, and 3 more. */
export interface ActivationStep {
  readonly name?: 'trusterPhoneNumber' | 'deviceActivation' | 'mediumCarKey';
  readonly status?: 'todo' | 'alreadyDone';
  readonly order?: 1 | '1' | 2 | '2' | 3 | '3';
}

/** `consent` of `set pims.authentication.user`. */
export interface MarketingConsent {
  readonly marketing: boolean;
  readonly profiling: boolean;
  readonly thirdpartiesMarketing: boolean;
  readonly thirdpartiesProfiling: boolean;
}

/**
 * `set pims.vehicle.vin`.
 * VehicleInformation (PSA, FCA) since 2.3.
 */
export interface SetVehicleVin {
  readonly parameters: {
    readonly vin: string;
  };
  readonly result: NoResult;
}

/**
 * `set pims.vehicle.service`, over bluetooth.
 * BTConnectivity (PSA) since 2.3.
 */
export interface SetVehicleService {
  readonly parameters: {
    readonly action: 'start' | 'stop';
    readonly service: 'bluetooth';
    readonly vins: BareOrList<VinConsent>;
  };
  readonly result: NoResult;
}

/**
 * `get pims.vehicle.connection`, over bluetooth.
 * BTConnectivity (PSA) since 2.3.
 */
export interface GetVehicleConnection {
  readonly parameters: NoParameters;
  readonly result: {
    readonly vin: string;
    readonly protocol?: 'CEA' | 'Altran';
    readonly model?: 'SMEG' | 'NAC' | 'RCC' | 'RCE' | 'AIO_NAC' | 'AIO_RCC' | 'IVI';
    readonly version?: string;
    readonly privacy?: 'Full' | 'Geolocation' | 'None' | 'Unknown';
  };
}

/**
 * `get pims.vehicle.privacy`, over bluetooth.
 * BTConnectivity (PSA) since 2.3.
 */
export interface GetVehiclePrivacy {
  readonly parameters: {
    readonly vin: string;
  };
  readonly result: {
    readonly privacy?: 'full' | 'geolocation' | 'none' | 'geolocationprivate';
  };
}

/**
 * `subscribe pims.vehicle.connection`, over bluetooth.
 * BTConnectivity (PSA) since 2.3.
 */
export interface SubscribeVehicleConnection {
  readonly parameters: NoParameters;
  readonly result: {
    readonly vin: string;
    readonly status?: 'Connected' | 'Disconnected';
    readonly protocol?: 'CEA' | 'Altran';
    readonly model?: 'SMEG' | 'NAC' | 'RCC' | 'RCE' | 'AIO_NAC' | 'AIO_RCC' | 'IVI';
    readonly version?: string;
    readonly privacy?: 'Full' | 'Geolocation' | 'None' | 'Unknown';
  };
}

/**
 * `get pims.authentication.account`, username.
 * BasicAuthentication (PSA) since 2.0; FCABasicAuthentication (FCA) since 2.3.
 */
export interface GetAuthenticationAccountUsername {
  readonly parameters: {
    /** may be left out: another parameter says as much */
    readonly actionType?: 'basic';
    readonly type: 'username';
  };
  readonly result: {
    /** e-mail */
    readonly username?: string;
    /** e-mail */
    readonly login?: string;
  };
}

/**
 * `get pims.authentication.token`, customerAt.
 * BasicAuthentication (PSA) since 2.0.
 */
export interface GetAuthenticationTokenCustomerAt {
  readonly parameters: {
    readonly type: 'customerAt';
    readonly action: 'get' | 'refresh';
  };
  readonly result: {
    readonly type?: 'customerAt';
    readonly token?: string;
  };
}

/**
 * `get pims.authentication.token`, cvs.
 * BasicAuthentication (PSA) since 2.0.
 */
export interface GetAuthenticationTokenCvs {
  readonly parameters: {
    readonly type: 'cvs';
    readonly action: 'get' | 'refresh';
  };
  readonly result: {
    readonly type?: 'cvs';
    readonly token?: string;
  };
}

/**
 * `get pims.authentication.token`, idtoken.
 * BasicAuthentication (PSA) since 2.0.
 */
export interface GetAuthenticationTokenIdtoken {
  readonly parameters: {
    readonly type: 'idtoken';
    readonly action: 'get' | 'refresh';
  };
  readonly result: {
    readonly type?: 'idtoken';
    readonly token?: string;
  };
}

/**
 * `set pims.authentication.user`, createAccount.
 * BasicAuthentication (PSA) since 2.0.
 */
export interface SetAuthenticationUserCreateAccount {
  readonly parameters: {
    readonly action: 'createAccount';
    readonly local?: string;
    /** Android only */
    readonly context?: unknown;
    /** of another variant */
    readonly isSocial?: undefined;
  };
  readonly result: NoResult;
}

/**
 * `set pims.authentication.user`, login.
 * BasicAuthentication (PSA) since 2.0.
 */
export interface SetAuthenticationUserLogin {
  readonly parameters: {
    readonly action: 'login';
    readonly local?: string;
    /** Android only */
    readonly context?: unknown;
    /** of another variant */
    readonly isSocial?: undefined;
  };
  readonly result: NoResult;
}

/**
 * `set pims.authentication.user`, forcedLogin.
 * BasicAuthentication (PSA) since 2.0.
 */
export interface SetAuthenticationUserForcedLogin {
  readonly parameters: {
    readonly action: 'forcedLogin';
    readonly local?: string;
    /** Android only */
    readonly context?: unknown;
  };
  readonly result: NoResult;
}

/**
 * `set pims.authentication.user`, logout.
 * BasicAuthentication (PSA) since 2.0.
 */
export interface SetAuthenticationUserLogout {
  readonly parameters: {
    readonly action: 'logout';
    readonly local?: string;
    /** Android only */
    readonly context?: unknown;
  };
  readonly result: NoResult;
}

/**
 * `set pims.authentication.user`, updateLogin.
 * BasicAuthentication (PSA) since 2.0.
 */
export interface SetAuthenticationUserUpdateLogin {
  readonly parameters: {
    readonly action: 'updateLogin';
    readonly local?: string;
    /** Android only */
    readonly context?: unknown;
  };
  readonly result: NoResult;
}

/**
 * `set pims.authentication.user`, updatePassword.
 * BasicAuthentication (PSA) since 2.0.
 */
export interface SetAuthenticationUserUpdatePassword {
  readonly parameters: {
    readonly action: 'updatePassword';
    readonly local?: string;
    /** Android only */
    readonly context?: unknown;
  };
  readonly result: NoResult;
}

/**
 * `get pims.vehicle.carkey`.
 * Carkey (PSA) since 2.0; changed in 2.3.
 */
export interface GetVehicleCarkey {
  readonly parameters: NoParameters;
  readonly result: {
    readonly isCarKeyVerified?: Flag;
    readonly cvsStatus?: 'unknown' | 'active' | 'suspended' | 'disabled';
    /** date */
    readonly maxReactivationDate?: string;
  };
}

/**
 * `set pims.vehicle.carkey`.
 * Carkey (PSA) since 2.0.
 */
export interface SetVehicleCarkey {
  readonly parameters: NoParameters;
  readonly result: {
    readonly hasCarKey?: Flag;
    readonly vin?: string;
    readonly securityCode?: string;
    /** date and time */
    readonly securityExpiration?: string;
  };
}

/**
 * `set pims.vehicle.command`, charge, over internet.
 * LongRangeRemoteRemote (PSA) since 2.0.
 * Can be challenged.
 */
export interface SetVehicleCommandCharge {
  readonly parameters: {
    readonly action: 'charge';
    readonly startNow: Flag;
  };
  readonly result: NoResult;
}

/**
 * `set pims.vehicle.command`, chargeDeferredTime, over internet.
 * LongRangeRemoteRemote (PSA) since 2.0.
 * Can be challenged.
 */
export interface SetVehicleCommandChargeDeferredTime {
  readonly parameters: {
    readonly action: 'chargeDeferredTime';
    readonly startNow: Flag;
    /** duration */
    readonly deferredTime: string;
    readonly checkStartCharge: boolean;
  };
  readonly result: NoResult;
}

/**
 * `set pims.vehicle.command`, doors, over internet.
 * LongRangeRemoteRemote (PSA) since 2.0.
 * Can be challenged.
 */
export interface SetVehicleCommandDoors {
  readonly parameters: {
    readonly action: 'doors';
    readonly doorState: 'lock' | 'unlock';
  };
  readonly result: NoResult;
}

/**
 * `set pims.vehicle.command`, horn, over internet.
 * LongRangeRemoteRemote (PSA) since 2.0.
 * Can be challenged.
 */
export interface SetVehicleCommandHorn {
  readonly parameters: {
    readonly action: 'horn';
  };
  readonly result: NoResult;
}

/**
 * `set pims.vehicle.command`, preconditioning, over internet.
 * LongRangeRemoteRemote (PSA) since 2.0.
 * Can be challenged.
 */
export interface SetVehicleCommandPreconditioning {
  readonly parameters: {
    readonly action: 'preconditioning';
    readonly startNow: Flag;
    readonly programs: readonly PreconditioningProgram[];
  };
  readonly result: NoResult;
}

/**
 * `set pims.vehicle.command`, warning, over internet.
 * LongRangeRemoteRemote (PSA) since 2.0.
 * Can be challenged.
 */
export interface SetVehicleCommandWarning {
  readonly parameters: {
    readonly action: 'warning';
  };
  readonly result: NoResult;
}

/**
 * `set pims.vehicle.vin`, remote, over internet.
 * LongRangeRemoteRemote (PSA) since 2.0; changed in 2.3.
 */
export interface SetVehicleVinRemote {
  readonly parameters: {
    readonly actionType: 'remote';
    readonly vin: string;
  };
  readonly result: NoResult;
}

/**
 * `subscribe pims.vehicle.signal`, over internet.
 * LongRangeRemoteRemote (PSA) since 2.0.
 */
export interface SubscribeVehicleSignal {
  readonly parameters: NoParameters;
  readonly result: {
    readonly code?: Numeric;
    readonly vehicle?: Vehicle;
  };
}

/**
 * `get pims.vehicle.informations`, remote, over internet.
 * LongRangeRemoteStatus (PSA) since 2.0.
 * Can be challenged.
 */
export interface GetVehicleInformationsRemote {
  readonly parameters: {
    /** may be left out: another parameter says as much */
    readonly actionType?: 'remote';
    readonly action: 'get' | 'refresh' | 'refreshWithWakeUp';
  };
  readonly result: {
    readonly vehicle?: Vehicle;
  };
}

/**
 * `subscribe pims.vehicle.event`, remote, over internet.
 * LongRangeRemoteStatus (PSA) since 2.0.
 * Can be challenged.
 */
export interface SubscribeVehicleEventRemote {
  readonly parameters: {
    /** may be left out: another parameter says as much */
    readonly actionType?: 'remote';
    readonly type: readonly ('remoteChargeFinished' | 'remoteChargeInterrupted')[];
  };
  readonly result: {
    readonly notification?: 'remoteChargeFinished' | 'remoteChargeInterrupted';
  };
}

/**
 * `get pims.vehicle.media`, mediaSource, over bluetooth.
 * Media (PSA) since 2.3.
 */
export interface GetVehicleMediaMediaSource {
  readonly parameters: {
    readonly type: 'mediaSource';
  };
  readonly result: {
    readonly sources?: readonly MediaSource[];
  };
}

/**
 * `get pims.vehicle.media`, presetStation, over bluetooth.
 * Media (PSA) since 2.3.
 */
export interface GetVehicleMediaPresetStation {
  readonly parameters: {
    readonly type: 'presetStation';
  };
  readonly result: {
    readonly presets?: readonly PresetStation[];
  };
}

/**
 * `get pims.vehicle.media`, savedScan, over bluetooth.
 * Media (PSA) since 2.3.
 */
export interface GetVehicleMediaSavedScan {
  readonly parameters: {
    readonly action: 'savedScan';
  };
  readonly result: {
    readonly stations?: readonly ScannedStation[];
  };
}

/**
 * `get pims.vehicle.settings`, over bluetooth.
 * Media (PSA) since 2.3.
 */
export interface GetVehicleSettings {
  readonly parameters: NoParameters;
  readonly result: {
    readonly newsAnnouncements?: Flag;
    readonly sourceHandover?: Flag;
    readonly trafficAnnouncements?: Flag;
    readonly alternativeFrequency?: Flag;
  };
}

/**
 * `set pims.vehicle.media`, frequency, over bluetooth.
 * Media (PSA) since 2.3.
 */
export interface SetVehicleMediaFrequency {
  readonly parameters: {
    readonly type: 'frequency';
    readonly action?: 'next' | 'previous';
    /** MHz */
    readonly frequency?: number;
  };
  readonly result: NoResult;
}

/**
 * `set pims.vehicle.media`, mediaSource, over bluetooth.
 * Media (PSA) since 2.3.
 */
export interface SetVehicleMediaMediaSource {
  readonly parameters: {
    readonly type: 'mediaSource';
    readonly mediaSource: 'AM' | 'FM' | 'DAB' | 'BT';
  };
  readonly result: NoResult;
}

/**
 * `set pims.vehicle.media`, nextMedia-previousMedia, over bluetooth.
 * Media (PSA) since 2.3.
 */
export interface SetVehicleMediaNextMediaPreviousMedia {
  readonly parameters: {
    readonly action: 'nextMedia' | 'previousMedia';
  };
  readonly result: NoResult;
}

/**
 * `set pims.vehicle.media`, presetStation-save, over bluetooth.
 * Media (PSA) since 2.3.
 */
export interface SetVehicleMediaPresetStationSave {
  readonly parameters: {
    readonly type: 'presetStation';
    readonly action: 'save';
    readonly stationID: number;
    readonly indexPreset: number;
  };
  readonly result: NoResult;
}

/**
 * `set pims.vehicle.media`, presetStation-unsave, over bluetooth.
 * Media (PSA) since 2.3.
 */
export interface SetVehicleMediaPresetStationUnsave {
  readonly parameters: {
    readonly type: 'presetStation';
    readonly action: 'unsave';
    readonly indexPreset: number;
  };
  readonly result: NoResult;
}

/**
 * `set pims.vehicle.media`, presetStation-start, over bluetooth.
 * Media (PSA) since 2.3.
 */
export interface SetVehicleMediaPresetStationStart {
  readonly parameters: {
    readonly type: 'presetStation';
    readonly action: 'start';
    readonly indexPreset: number;
  };
  readonly result: NoResult;
}

/**
 * `set pims.vehicle.media`, sound-mute, over bluetooth.
 * Media (PSA) since 2.3.
 */
export interface SetVehicleMediaSoundMute {
  readonly parameters: {
    readonly type: 'sound';
    readonly mute: Flag;
  };
  readonly result: NoResult;
}

/**
 * `set pims.vehicle.media`, sound-volume, over bluetooth.
 * Media (PSA) since 2.3.
 */
export interface SetVehicleMediaSoundVolume {
  readonly parameters: {
    readonly action: 'sound';
    /** 0 to 100 */
    readonly volume: number;
  };
  readonly result: NoResult;
}

/**
 * `set pims.vehicle.media`, startScan, over bluetooth.
 * Media (PSA) since 2.3.
 */
export interface SetVehicleMediaStartScan {
  readonly parameters: {
    readonly action: 'startScan';
  };
  readonly result: NoResult;
}

/**
 * `set pims.vehicle.media`, stopScan, over bluetooth.
 * Media (PSA) since 2.3.
 */
export interface SetVehicleMediaStopScan {
  readonly parameters: {
    readonly action: 'stopScan';
  };
  readonly result: NoResult;
}

/**
 * `set pims.vehicle.settings`, over bluetooth.
 * Media (PSA) since 2.3.
 */
export interface SetVehicleSettings {
  readonly parameters: {
    readonly newsAnnouncements: boolean;
    readonly sourceHandover: boolean;
    readonly trafficAnnouncements: boolean;
    readonly alternativeFrequency: boolean;
  };
  readonly result: NoResult;
}

/**
 * `subscribe pims.vehicle.event`, over bluetooth.
 * Media (PSA) since 2.3.
 */
export interface SubscribeVehicleEvent {
  readonly parameters: NoParameters;
  readonly result: {
    readonly event?: 'sps' | 'next' | 'previous' | 'audioSource';
    readonly value?: Flag;
  };
}

/**
 * `subscribe pims.vehicle.media`, info, over bluetooth.
 * Media (PSA) since 2.3.
 */
export interface SubscribeVehicleMediaInfo {
  readonly parameters: {
    readonly action: 'info';
  };
  readonly result: {
    readonly radioInfo?: RadioInformation;
    readonly sound?: SoundSettings;
    readonly announcement?: string;
    readonly slidShow?: string;
    readonly sources?: readonly MediaSource[];
  };
}

/**
 * `subscribe pims.vehicle.media`, scan, over bluetooth.
 * Media (PSA) since 2.3.
 */
export interface SubscribeVehicleMediaScan {
  readonly parameters: {
    readonly action: 'scan';
  };
  readonly result: {
    readonly stations?: readonly ScannedStation[];
  };
}

/**
 * `get pims.vehicle.informations`, o2x, over bluetooth.
 * O2X (O2X) since 2.0.
 */
export interface GetVehicleInformationsO2x {
  readonly parameters: {
    readonly actionType: 'O2X';
  };
  readonly result: {
    readonly vin: string;
    readonly receivedAt?: string;
    readonly status?: 'unknown' | 'driving' | 'parked' | 'charging';
    readonly currentAlert?: O2xAlert;
    readonly previousAlert?: O2xAlert;
    readonly data?: O2xData;
  };
}

/**
 * `get pims.vehicle.services`, over bluetooth.
 * O2X (O2X) since 2.0; SendToNav (PSA) since 2.0; TripNDrive (PSA) since 2.0.
 */
export interface GetVehicleServices {
  readonly parameters: {
    readonly services: BareOrList<'o2x' | 'sendtonav' | 'tripsanddrive'>;
  };
  readonly result: {
    readonly services?: BareOrList<ServiceStatus>;
  };
}

/**
 * `get pims.vehicle.vin`, o2x, over bluetooth.
 * O2X (O2X) since 2.0.
 */
export interface GetVehicleVinO2x {
  readonly parameters: NoParameters;
  readonly result: {
    readonly vin?: string;
  };
}

/**
 * `set pims.vehicle.cleardata`, over bluetooth.
 * O2X (O2X) since 2.0.
 */
export interface SetVehicleCleardata {
  readonly parameters: NoParameters;
  readonly result: NoResult;
}

/**
 * `set pims.vehicle.configuration`, over bluetooth.
 * O2X (O2X) since 2.0.
 */
export interface SetVehicleConfiguration {
  readonly parameters: {
    readonly monitoring: O2xMonitoring;
  };
  readonly result: NoResult;
}

/**
 * `set pims.vehicle.timeout`, over bluetooth.
 * O2X (O2X) since 2.0.
 */
export interface SetVehicleTimeout {
  readonly parameters:
    | {
        readonly scan?: number;
        readonly looseConnection?: number;
        readonly changeStatus?: number;
      }
    | undefined;
  readonly result: NoResult;
}

/**
 * `subscribe pims.vehicle.event`, o2x, over bluetooth.
 * O2X (O2X) since 2.0.
 */
export interface SubscribeVehicleEventO2x {
  readonly parameters: {
    readonly actionType: 'O2X';
  };
  readonly result: {
    readonly event?: 'disconnected' | 'cantCharge';
  };
}

/**
 * `subscribe pims.vehicle.informations`, o2x, over bluetooth.
 * O2X (O2X) since 2.0.
 */
export interface SubscribeVehicleInformationsO2x {
  readonly parameters: {
    /** may be left out: another parameter says as much */
    readonly actionType?: 'O2X';
    readonly vin?: string;
    readonly reception: 'status' | 'information';
    readonly firstTime: boolean;
  };
  readonly result: {
    readonly vin: string;
    readonly receivedAt?: string;
    readonly status?: 'unknown' | 'driving' | 'parked' | 'charging';
    readonly currentAlert?: O2xAlert;
    readonly previousAlert?: O2xAlert;
    readonly data?: O2xData;
  };
}

/**
 * `set pims.sdk.notification`, over internet.
 * PushNotification (PSA) since 2.1.
 */
export interface SetSdkNotification {
  readonly parameters: {
    readonly payload: unknown;
  };
  readonly result: NoResult;
}

/**
 * `get pims.sdk.event`, over internet.
 * PushNotification (PSA) since 2.1.
 */
export interface GetSdkEvent {
  readonly parameters: {
    readonly vins: readonly string[];
  };
  readonly result: {
    readonly events?: readonly PushEvents[];
  };
}

/**
 * `set pims.sdk.event`, disable, over internet.
 * PushNotification (PSA) since 2.1.
 */
export interface SetSdkEventDisable {
  readonly parameters: {
    readonly action: 'disable';
    readonly type: BareOrList<'remoteChargeFinished' | 'remoteChargeInterrupted'>;
  };
  readonly result: NoResult;
}

/**
 * `set pims.sdk.event`, enable, over internet.
 * PushNotification (PSA) since 2.1.
 */
export interface SetSdkEventEnable {
  readonly parameters: {
    readonly action: 'enable';
    readonly type: BareOrList<'remoteChargeFinished' | 'remoteChargeInterrupted'>;
  };
  readonly result: NoResult;
}

/**
 * `set pims.sdk.event`, remove, over internet.
 * PushNotification (PSA) since 2.1.
 */
export interface SetSdkEventRemove {
  readonly parameters: {
    readonly action: 'remove';
    readonly vin: string;
  };
  readonly result: NoResult;
}

/**
 * `set pims.sdk.token`, registerPushToken, over internet.
 * PushNotification (PSA) since 2.1.
 */
export interface SetSdkTokenRegisterPushToken {
  readonly parameters: {
    readonly action: 'registerPushToken';
    readonly token: string;
  };
  readonly result: NoResult;
}

/**
 * `set pims.sdk.token`, unregisterPushToken, over internet.
 * PushNotification (PSA) since 2.1.
 */
export interface SetSdkTokenUnregisterPushToken {
  readonly parameters: {
    readonly action: 'unregisterPushToken';
  };
  readonly result: NoResult;
}

/**
 * `get pims.sdk.device`.
 * SDK (PSA, FCA, O2X) since 2.0.
 */
export interface GetSdkDevice {
  readonly parameters: NoParameters;
  readonly result: {
    readonly OS?: string;
    readonly OSVersion?: string;
    readonly PhoneModel?: string;
    readonly PhoneBrand?: string;
  };
}

/**
 * `get pims.sdk.log`.
 * SDK (PSA, FCA, O2X) since 2.0.
 */
export interface GetSdkLog {
  readonly parameters: NoParameters;
  readonly result: {
    readonly logPath?: string;
  };
}

/**
 * `get pims.sdk.logs`.
 * SDK (PSA, FCA, O2X) since 2.0.
 */
export interface GetSdkLogs {
  readonly parameters: NoParameters;
  readonly result: {
    readonly logPaths?: readonly string[];
  };
}

/**
 * `get pims.sdk.version`.
 * SDK (PSA, FCA, O2X) since 2.0.
 */
export interface GetSdkVersion {
  readonly parameters: NoParameters;
  readonly result: {
    readonly versionCore?: string;
    readonly versionFacade?: string;
  };
}

/**
 * `set pims.sdk.configuration`.
 * SDK (PSA, FCA, O2X) since 2.0.
 */
export interface SetSdkConfiguration {
  readonly parameters:
    | {
        readonly environnement?: 'Production' | 'Preproduction' | 'development';
        readonly mode?: 'B2C' | 'B2B';
        readonly monitoring?: SdkMonitoring;
        readonly credential?: SdkCredential;
        readonly profile?: SdkProfile;
      }
    | undefined;
  readonly result: NoResult;
}

/**
 * `get pims.vehicle.coordinate`, over bluetooth.
 * SendToNav (PSA) since 2.0.
 */
export interface GetVehicleCoordinate {
  readonly parameters: {
    readonly extensionInformation: string;
  };
  readonly result: {
    readonly location?: Place;
  };
}

/**
 * `get pims.vehicle.destinations`, over bluetooth.
 * SendToNav (PSA) since 2.0.
 */
export interface GetVehicleDestinations {
  readonly parameters: NoParameters;
  readonly result: {
    readonly destinations?: readonly Destination[];
  };
}

/**
 * `set pims.vehicle.destination`, coordinate, over bluetooth.
 * SendToNav (PSA) since 2.0; changed in 2.3.
 */
export interface SetVehicleDestinationCoordinate {
  readonly parameters: {
    readonly action: 'coordinate';
    readonly preserve: boolean;
    readonly location: Coordinates;
  };
  readonly result: {
    readonly status?: 'notAvailable' | 'sent' | 'stored';
    readonly reason?: 'GEOLOC_PRIVATE' | 'FULL_PRIVATE';
  };
}

/**
 * `set pims.vehicle.destination`, extension, over bluetooth.
 * SendToNav (PSA) since 2.0; changed in 2.3.
 */
export interface SetVehicleDestinationExtension {
  readonly parameters: {
    readonly action: 'extension';
    readonly preserve: boolean;
    /** link */
    readonly extensionInformation?: string;
  };
  readonly result: {
    readonly status?: 'notAvailable' | 'sent' | 'stored';
    readonly reason?: 'GEOLOC_PRIVATE' | 'FULL_PRIVATE';
  };
}

/**
 * `set pims.vehicle.device`, over bluetooth.
 * SendToNav (PSA) since 2.0.
 */
export interface SetVehicleDevice {
  readonly parameters: {
    readonly isConnected: boolean;
  };
  readonly result: NoResult;
}

/**
 * `subscribe pims.vehicle.event`, sendToNav, over bluetooth.
 * SendToNav (PSA) since 2.0.
 */
export interface SubscribeVehicleEventSendToNav {
  readonly parameters: {
    readonly actionType: 'sendToNav';
  };
  readonly result: {
    readonly vin: string;
    readonly Location?: Place;
    readonly userid?: string;
    readonly message?: string;
  };
}

/**
 * `get pims.authentication.account`, isaccountblocked.
 * StrongAuthentication (PSA) since 2.0.
 */
export interface GetAuthenticationAccountIsaccountblocked {
  readonly parameters: {
    /** may be left out: another parameter says as much */
    readonly actionType?: 'strong';
    readonly type: 'isAccountBlocked';
  };
  readonly result: {
    readonly isAccountBlocked?:
      | Flag
      | 'Unknown'
      | 'PinBlocked'
      | 'PINBlocked'
      | 'AccountBlocked'
      | 'NotBlocked';
  };
}

/**
 * `get pims.authentication.account`, isdeviceactivated.
 * StrongAuthentication (PSA) since 2.0.
 */
export interface GetAuthenticationAccountIsdeviceactivated {
  readonly parameters: {
    readonly actionType: 'strong';
    readonly type: 'isDeviceActivated';
  };
  readonly result: {
    readonly isDeviceActivated?: Flag;
  };
}

/**
 * `get pims.authentication.otp`, withPin.
 * StrongAuthentication (PSA) since 2.0.
 */
export interface GetAuthenticationOtpWithPin {
  readonly parameters: {
    readonly action: 'withPIN';
    readonly pinCode: string;
    /** once, after 2312 or 2317 */
    readonly resetStep?: boolean;
  };
  readonly result: {
    readonly otp?: string;
  };
}

/**
 * `get pims.authentication.otp`, withoutPin.
 * StrongAuthentication (PSA) since 2.0.
 */
export interface GetAuthenticationOtpWithoutPin {
  readonly parameters: {
    readonly action: 'withoutPIN';
  };
  readonly result: {
    readonly otp?: string;
  };
}

/**
 * `get pims.authentication.smscode`, enrollment.
 * StrongAuthentication (PSA) since 2.0.
 */
export interface GetAuthenticationSmscodeEnrollment {
  readonly parameters: {
    readonly type: 'enrollment';
    readonly phoneNumber?: string;
  };
  readonly result: NoResult;
}

/**
 * `get pims.authentication.smscode`, phoneNumberCertification.
 * StrongAuthentication (PSA) since 2.0.
 */
export interface GetAuthenticationSmscodePhoneNumberCertification {
  readonly parameters: {
    readonly type: 'phoneNumberCertification';
    readonly phoneNumber: string;
  };
  readonly result: NoResult;
}

/**
 * `get pims.authentication.smscode`, resetPIN.
 * StrongAuthentication (PSA) since 2.0.
 */
export interface GetAuthenticationSmscodeResetPIN {
  readonly parameters: {
    readonly type: 'resetPIN';
  };
  readonly result: NoResult;
}

/**
 * `get pims.authentication.trustedphonenumber`.
 * StrongAuthentication (PSA) since 2.0.
 */
export interface GetAuthenticationTrustedphonenumber {
  readonly parameters: NoParameters;
  readonly result: {
    readonly phoneNumber?: Text | null;
    readonly trustedphoneNumber?: Text | null;
  } | null;
}

/**
 * `set pims.authentication.enrollment`, enroll.
 * StrongAuthentication (PSA) since 2.0.
 */
export interface SetAuthenticationEnrollmentEnroll {
  readonly parameters: {
    readonly action: 'enroll';
    readonly pinCode: string;
    /** iOS only */
    readonly smsCode?: string;
  };
  readonly result: {
    readonly status?: 'AlreadyEnrolled';
  };
}

/**
 * `set pims.authentication.enrollment`, enrollWithPhoneNumber.
 * StrongAuthentication (PSA) since 2.1.
 */
export interface SetAuthenticationEnrollmentEnrollWithPhoneNumber {
  readonly parameters: {
    readonly action: 'enrollWithPhoneNumber';
    readonly pinCode: string;
    readonly smsCode: string;
    readonly phoneNumber: string;
  };
  readonly result: NoResult;
}

/**
 * `set pims.authentication.enrollment`, remove.
 * StrongAuthentication (PSA) since 2.0.
 */
export interface SetAuthenticationEnrollmentRemove {
  readonly parameters: {
    readonly action: 'remove';
  };
  readonly result: NoResult;
}

/**
 * `set pims.authentication.pincode`, reset.
 * StrongAuthentication (PSA) since 2.0.
 */
export interface SetAuthenticationPincodeReset {
  readonly parameters: {
    readonly action: 'reset';
    readonly pinCode: string;
    readonly smsCode: string;
  };
  readonly result: NoResult;
}

/**
 * `set pims.authentication.pincode`, update.
 * StrongAuthentication (PSA) since 2.0; FCAStrongAuthentication (FCA) since 2.3.
 */
export interface SetAuthenticationPincodeUpdate {
  readonly parameters: {
    readonly action: 'update';
    readonly oldPIN: string;
    readonly newPIN: string;
  };
  readonly result: NoResult;
}

/**
 * `set pims.authentication.smscode`, addPhoneNumber.
 * StrongAuthentication (PSA) since 2.0.
 */
export interface SetAuthenticationSmscodeAddPhoneNumber {
  readonly parameters:
    | {
        readonly action: 'addPhoneNumber';
        readonly smsCode: string;
        readonly phoneNumber: string;
      }
    | {
        readonly type: 'addPhoneNumber';
        readonly smsCode: string;
        readonly phoneNumber: string;
      };
  readonly result: NoResult;
}

/**
 * `set pims.authentication.smscode`, enrollment.
 * StrongAuthentication (PSA) since 2.0.
 */
export interface SetAuthenticationSmscodeEnrollment {
  readonly parameters: {
    readonly action: 'enrollment';
    readonly smsCode: string;
  };
  readonly result: {
    readonly status?: 'NotEnrolled' | 'AlreadyEnrolled';
  };
}

/**
 * `set pims.authentication.smscode`, modifyPhoneNumber.
 * StrongAuthentication (PSA) since 2.0.
 */
export interface SetAuthenticationSmscodeModifyPhoneNumber {
  readonly parameters: {
    readonly type: 'modifyPhoneNumber';
    readonly smsCode: string;
    readonly phoneNumber: string;
  };
  readonly result: NoResult;
}

/**
 * `get pims.vehicle.price`, over bluetooth.
 * TripNDrive (PSA) since 2.0; changed in 2.3.
 */
export interface GetVehiclePrice {
  readonly parameters: NoParameters;
  readonly result: {
    readonly priceFuel?: Numeric;
    readonly priceElectric?: Numeric;
  };
}

/**
 * `get pims.vehicle.statistics`, consumption, over bluetooth.
 * TripNDrive (PSA) since 2.1.
 */
export interface GetVehicleStatisticsConsumption {
  readonly parameters: {
    readonly action: 'consumption';
    readonly vin: string;
    readonly period: 'day' | 'week' | 'month' | 'year' | 'beginning';
  };
  readonly result: {
    readonly fuelConsumtion?: Numeric;
    readonly otherEnergyConsumtion?: Numeric;
  };
}

/**
 * `get pims.vehicle.statistics`, distance, over bluetooth.
 * TripNDrive (PSA) since 2.1.
 */
export interface GetVehicleStatisticsDistance {
  readonly parameters: {
    readonly action: 'distance';
    readonly vin: string;
    readonly period: 'day' | 'week' | 'month' | 'year' | 'beginning';
  };
  readonly result: {
    readonly distance?: Numeric;
  };
}

/**
 * `get pims.vehicle.statistics`, duration, over bluetooth.
 * TripNDrive (PSA) since 2.1.
 */
export interface GetVehicleStatisticsDuration {
  readonly parameters: {
    /** duration */
    readonly action: string;
    readonly vin: string;
    readonly period: 'day' | 'week' | 'month' | 'year' | 'beginning';
  };
  readonly result: {
    readonly duration?: Numeric;
  };
}

/**
 * `get pims.vehicle.trip`, id, over bluetooth.
 * TripNDrive (PSA) since 2.0.
 */
export interface GetVehicleTripId {
  readonly parameters: {
    readonly vin: string;
    readonly action: 'id';
    readonly id: number;
  };
  readonly result: {
    readonly trip?: Trip;
  };
}

/**
 * `get pims.vehicle.trip`, range, over bluetooth.
 * TripNDrive (PSA) since 2.0.
 */
export interface GetVehicleTripRange {
  readonly parameters: {
    readonly vin: string;
    readonly action: 'range';
    readonly range?: 'first' | 'last';
  };
  readonly result: {
    readonly trip?: Trip;
  };
}

/**
 * `get pims.vehicle.trips`, count, over bluetooth.
 * TripNDrive (PSA) since 2.0.
 */
export interface GetVehicleTripsCount {
  readonly parameters: {
    readonly action: 'count';
    readonly vin: string;
    /** date and time */
    readonly from?: string;
    /** date and time */
    readonly to?: string;
    readonly category?: string;
    readonly query?: string;
    readonly byCategory?: boolean;
  };
  readonly result: {
    readonly count?: Numeric;
  };
}

/**
 * `get pims.vehicle.trips`, trips, over bluetooth.
 * TripNDrive (PSA) since 2.0.
 */
export interface GetVehicleTripsTrips {
  readonly parameters: {
    readonly action: 'trips';
    readonly vin: string;
    readonly limit?: number;
    readonly offset?: number;
    /** date and time */
    readonly from?: string;
    /** date and time */
    readonly to?: string;
    readonly category?: string;
    readonly query?: string;
    /** field of a trip */
    readonly orderBy?: string;
    readonly order?: 'asc' | 'desc';
  };
  readonly result: {
    readonly trips: readonly Trip[];
  };
}

/**
 * `get pims.vehicle.vins`, over bluetooth.
 * TripNDrive (PSA) since 2.0.
 */
export interface GetVehicleVins {
  readonly parameters: NoParameters;
  readonly result: {
    readonly vins: BareOrList<StoredVinConsent>;
  };
}

/**
 * `set pims.vehicle.price`, over bluetooth.
 * TripNDrive (PSA) since 2.0; changed in 2.3.
 */
export interface SetVehiclePrice {
  readonly parameters: {
    readonly priceFuel: Numeric;
    readonly priceElectric: Numeric;
  };
  readonly result: NoResult;
}

/**
 * `set pims.vehicle.trips`, edit, over bluetooth.
 * TripNDrive (PSA) since 2.0.
 */
export interface SetVehicleTripsEdit {
  readonly parameters: {
    readonly vin: string;
    readonly action: 'edit';
    readonly ids: readonly number[];
    readonly data: TripEdit;
  };
  readonly result: {
    readonly trips?: Trip;
  };
}

/**
 * `set pims.vehicle.trips`, export, over bluetooth.
 * TripNDrive (PSA) since 2.0.
 */
export interface SetVehicleTripsExport {
  readonly parameters: {
    readonly action: 'export';
  };
  readonly result: {
    readonly file?: string;
  };
}

/**
 * `set pims.vehicle.trips`, import, over bluetooth.
 * TripNDrive (PSA) since 2.0.
 */
export interface SetVehicleTripsImport {
  readonly parameters: {
    readonly action: 'import';
    readonly file: string;
  };
  readonly result: {
    readonly total?: Numeric;
    readonly imported?: Numeric;
  };
}

/**
 * `set pims.vehicle.trips`, merge, over bluetooth.
 * TripNDrive (PSA) since 2.0.
 */
export interface SetVehicleTripsMerge {
  readonly parameters: {
    readonly vin: string;
    readonly action: 'merge';
    readonly ids: readonly number[];
  };
  readonly result: {
    readonly trips?: Trip;
  };
}

/**
 * `set pims.vehicle.trips`, remove, over bluetooth.
 * TripNDrive (PSA) since 2.0.
 */
export interface SetVehicleTripsRemove {
  readonly parameters: {
    readonly vin: string;
    readonly action: 'remove';
    readonly ids: readonly number[];
  };
  readonly result: NoResult;
}

/**
 * `set pims.vehicle.trips`, unmerge, over bluetooth.
 * TripNDrive (PSA) since 2.0.
 */
export interface SetVehicleTripsUnmerge {
  readonly parameters: {
    readonly vin: string;
    readonly action: 'unmerge';
    readonly id: number;
  };
  readonly result: {
    readonly trips?: readonly Trip[];
  };
}

/**
 * `subscribe pims.vehicle.event`, tripNDrive, over bluetooth.
 * TripNDrive (PSA) since 2.0.
 */
export interface SubscribeVehicleEventTripNDrive {
  readonly parameters: {
    readonly actionType: 'tripNDrive';
  };
  readonly result: {
    readonly event?:
      | `CEAError ${string}`
      | 'migrationBegin'
      | 'migrationEnd'
      | 'noMigration'
      | 'Database error';
  };
}

/**
 * `subscribe pims.vehicle.trips`, over bluetooth.
 * TripNDrive (PSA) since 2.0; changed in 2.3.
 */
export interface SubscribeVehicleTrips {
  readonly parameters: NoParameters;
  readonly result: {
    readonly type?: 'Current' | 'Stored' | 'Unknown';
    readonly trip: Trip;
  };
}

/**
 * `set pims.subscription.vehicle`, removeProperty.
 * UserInformation (PSA) since 2.1.
 * Can be challenged.
 */
export interface SetSubscriptionVehicleRemoveProperty {
  readonly parameters: {
    readonly action: 'removeProperty';
    readonly vin: string;
  };
  readonly result: NoResult;
}

/**
 * `get pims.subscription.services`.
 * UserVehicleSteps (PSA) since 2.0.
 */
export interface GetSubscriptionServices {
  readonly parameters: {
    readonly vin: string;
  };
  readonly result: {
    readonly services?: readonly SubscribedService[];
  };
}

/**
 * `get pims.subscription.step`.
 * UserVehicleSteps (PSA) since 2.0.
 */
export interface GetSubscriptionStep {
  readonly parameters: {
    readonly stepsID: Text;
  };
  readonly result: {
    readonly trusterPhoneNumber?: ActivationStep;
    readonly deviceActivation?: ActivationStep;
    readonly mediumCarKey?: ActivationStep;
  } | null;
}

/**
 * `get pims.subscription.steps`, carAssociationID.
 * UserVehicleSteps (PSA) since 2.0.
 */
export interface GetSubscriptionStepsCarAssociationID {
  readonly parameters: {
    readonly carAssociationID?: string;
    readonly resetSteps: boolean;
    readonly stepsStatus: 'all' | 'todo' | 'alreadyDone';
  };
  readonly result: {
    readonly stepsID?: Text;
    readonly trusterPhoneNumber?: ActivationStep;
    readonly deviceActivation?: ActivationStep;
    readonly mediumCarKey?: ActivationStep;
  };
}

/**
 * `get pims.subscription.steps`, stepsId.
 * UserVehicleSteps (PSA) since 2.0.
 */
export interface GetSubscriptionStepsStepsId {
  readonly parameters: {
    readonly stepsID?: Text;
    readonly resetSteps: boolean;
    readonly stepsStatus: 'all' | 'todo' | 'alreadyDone';
  };
  readonly result: {
    readonly stepsID?: Text;
    readonly trusterPhoneNumber?: ActivationStep;
    readonly deviceActivation?: ActivationStep;
    readonly mediumCarKey?: ActivationStep;
  };
}

/**
 * `get pims.subscription.steps`, vin.
 * UserVehicleSteps (PSA) since 2.0.
 */
export interface GetSubscriptionStepsVin {
  readonly parameters: {
    readonly vin?: string;
    readonly resetSteps: boolean;
    readonly stepsStatus: 'all' | 'todo' | 'alreadyDone';
  };
  readonly result: {
    readonly stepsID?: Text;
    readonly trusterPhoneNumber?: ActivationStep;
    readonly deviceActivation?: ActivationStep;
    readonly mediumCarKey?: ActivationStep;
  };
}

/**
 * `get pims.authentication.key`.
 * FCABasicAuthentication (FCA) since 2.3.
 */
export interface GetAuthenticationKey {
  readonly parameters: {
    readonly action: 'get' | 'refresh';
    readonly type: BareOrList<'identityId' | 'accessKeyId' | 'secretKey'>;
  };
  readonly result: {
    readonly identityId?: string;
    readonly accessKeyId?: string;
    readonly secretKey?: string;
  };
}

/**
 * `get pims.authentication.token`.
 * FCABasicAuthentication (FCA) since 2.3.
 */
export interface GetAuthenticationToken {
  readonly parameters: {
    readonly type: 'cognito' | 'session';
    readonly action: BareOrList<'get' | 'refresh'>;
  };
  readonly result: {
    readonly token?: string;
    readonly type: 'cognito' | 'session';
  };
}

/**
 * `get pims.authentication.user`, isLogged.
 * FCABasicAuthentication (FCA) since 2.3.
 */
export interface GetAuthenticationUserIsLogged {
  readonly parameters: {
    readonly type: 'isLogged';
  };
  readonly result: {
    readonly isLogged?: Flag;
  };
}

/**
 * `get pims.authentication.user`, profile.
 * FCABasicAuthentication (FCA) since 2.3.
 */
export interface GetAuthenticationUserProfile {
  readonly parameters: {
    readonly type: 'profile';
  };
  readonly result: {
    readonly uid?: string;
    readonly firstName?: string;
    readonly lastName?: string;
    readonly country?: string;
    readonly phoneNumber?: string;
    readonly locale?: string;
    readonly email?: string;
    readonly state?: string;
    readonly industry?: string;
    readonly isVerified?: Flag;
    readonly isRegistered?: Flag;
  };
}

/**
 * `set pims.authentication.user`, createAccount-isSocial.
 * FCABasicAuthentication (FCA) since 2.3.
 */
export interface SetAuthenticationUserCreateAccountIsSocial {
  readonly parameters: {
    readonly action: 'createAccount';
    readonly isSocial: true;
    readonly social: 'apple' | 'yahoo' | 'google' | 'facebook' | 'linkedin' | 'twitter' | 'mopar' | 'site';
    readonly firstName: string;
    readonly lastName: string;
    readonly country: string;
    /** language code */
    readonly local: string;
    readonly consent: MarketingConsent;
  };
  readonly result: NoResult;
}

/**
 * `set pims.authentication.user`, createAccount.
 * FCABasicAuthentication (FCA) since 2.3.
 */
export interface SetAuthenticationUserCreateAccountFCABasicAuthentication {
  readonly parameters: {
    readonly action: 'createAccount';
    readonly isSocial: false;
    /** e-mail */
    readonly email: string;
    readonly password: string;
    readonly firstName: string;
    readonly lastName: string;
    readonly country: string;
    /** language code */
    readonly local: string;
    readonly consent: MarketingConsent;
  };
  readonly result: NoResult;
}

/**
 * `set pims.authentication.user`, forgotPassword.
 * FCABasicAuthentication (FCA) since 2.3.
 */
export interface SetAuthenticationUserForgotPassword {
  readonly parameters: {
    readonly action: 'forgotPassword';
    /** e-mail */
    readonly email: string;
  };
  readonly result: NoResult;
}

/**
 * `set pims.authentication.user`, login-isSocial.
 * FCABasicAuthentication (FCA) since 2.3.
 */
export interface SetAuthenticationUserLoginIsSocial {
  readonly parameters: {
    readonly action: 'login';
    readonly isSocial: true;
    /** seconds */
    readonly sessionExpiration: number;
    readonly social: 'apple' | 'yahoo' | 'google' | 'facebook' | 'linkedin' | 'twitter' | 'mopar' | 'site';
  };
  readonly result: NoResult;
}

/**
 * `set pims.authentication.user`, login.
 * FCABasicAuthentication (FCA) since 2.3.
 */
export interface SetAuthenticationUserLoginFCABasicAuthentication {
  readonly parameters: {
    readonly action: 'login';
    readonly isSocial: false;
    /** seconds */
    readonly sessionExpiration: number;
    /** e-mail */
    readonly username: string;
    readonly password: string;
  };
  readonly result: NoResult;
}

/**
 * `set pims.authentication.user`, logout.
 * FCABasicAuthentication (FCA) since 2.3.
 */
export interface SetAuthenticationUserLogoutFCABasicAuthentication {
  readonly parameters: {
    readonly action: 'logout';
  };
  readonly result: NoResult;
}

/**
 * `get pims.authentication.account`, isdeviceactivated.
 * FCAStrongAuthentication (FCA) since 2.3.
 */
export interface GetAuthenticationAccountIsdeviceactivatedFCAStrongAuthentication {
  readonly parameters: {
    readonly type: 'isDeviceActivated';
  };
  readonly result: {
    readonly isDeviceActivated?: Flag;
  };
}

/**
 * `set pims.authentication.pincode`, create.
 * FCAStrongAuthentication (FCA) since 2.3.
 */
export interface SetAuthenticationPincodeCreate {
  readonly parameters: {
    readonly action: 'create';
    readonly pinCode: string;
  };
  readonly result: NoResult;
}

/**
 * `set pims.authentication.session`.
 * FCAStrongAuthentication (FCA) since 2.3.
 */
export interface SetAuthenticationSession {
  readonly parameters: {
    readonly action: 'open';
    readonly pinCode: string;
  };
  readonly result: NoResult;
}

/** Every API that `get` knows (SDK 2.3), with its variants. */
export interface GetApis {
  readonly 'pims.authentication.account':
    | GetAuthenticationAccountUsername
    | GetAuthenticationAccountIsaccountblocked
    | GetAuthenticationAccountIsdeviceactivated
    | GetAuthenticationAccountIsdeviceactivatedFCAStrongAuthentication;
  readonly 'pims.authentication.key': GetAuthenticationKey;
  readonly 'pims.authentication.otp': GetAuthenticationOtpWithPin | GetAuthenticationOtpWithoutPin;
  readonly 'pims.authentication.smscode':
    | GetAuthenticationSmscodeEnrollment
    | GetAuthenticationSmscodePhoneNumberCertification
    | GetAuthenticationSmscodeResetPIN;
  readonly 'pims.authentication.token':
    | GetAuthenticationTokenCustomerAt
    | GetAuthenticationTokenCvs
    | GetAuthenticationTokenIdtoken
    | GetAuthenticationToken;
  readonly 'pims.authentication.trustedphonenumber': GetAuthenticationTrustedphonenumber;
  readonly 'pims.authentication.user': GetAuthenticationUserIsLogged | GetAuthenticationUserProfile;
  readonly 'pims.sdk.device': GetSdkDevice;
  readonly 'pims.sdk.event': GetSdkEvent;
  readonly 'pims.sdk.log': GetSdkLog;
  readonly 'pims.sdk.logs': GetSdkLogs;
  readonly 'pims.sdk.version': GetSdkVersion;
  readonly 'pims.subscription.services': GetSubscriptionServices;
  readonly 'pims.subscription.step': GetSubscriptionStep;
  readonly 'pims.subscription.steps':
    | GetSubscriptionStepsCarAssociationID
    | GetSubscriptionStepsStepsId
    | GetSubscriptionStepsVin;
  readonly 'pims.vehicle.carkey': GetVehicleCarkey;
  readonly 'pims.vehicle.connection': GetVehicleConnection;
  readonly 'pims.vehicle.coordinate': GetVehicleCoordinate;
  readonly 'pims.vehicle.destinations': GetVehicleDestinations;
  readonly 'pims.vehicle.informations': GetVehicleInformationsRemote | GetVehicleInformationsO2x;
  readonly 'pims.vehicle.media':
    | GetVehicleMediaMediaSource
    | GetVehicleMediaPresetStation
    | GetVehicleMediaSavedScan;
  readonly 'pims.vehicle.price': GetVehiclePrice;
  readonly 'pims.vehicle.privacy': GetVehiclePrivacy;
  readonly 'pims.vehicle.services': GetVehicleServices;
  readonly 'pims.vehicle.settings': GetVehicleSettings;
  readonly 'pims.vehicle.statistics':
    | GetVehicleStatisticsConsumption
    | GetVehicleStatisticsDistance
    | GetVehicleStatisticsDuration;
  readonly 'pims.vehicle.trip': GetVehicleTripId | GetVehicleTripRange;
  readonly 'pims.vehicle.trips': GetVehicleTripsCount | GetVehicleTripsTrips;
  readonly 'pims.vehicle.vin': GetVehicleVinO2x;
  readonly 'pims.vehicle.vins': GetVehicleVins;
}

/** Those that can be called without parameters. */
export type GetApiWithoutParameters =
  | 'pims.authentication.trustedphonenumber'
  | 'pims.sdk.device'
  | 'pims.sdk.log'
  | 'pims.sdk.logs'
  | 'pims.sdk.version'
  | 'pims.vehicle.carkey'
  | 'pims.vehicle.connection'
  | 'pims.vehicle.destinations'
  | 'pims.vehicle.price'
  | 'pims.vehicle.settings'
  | 'pims.vehicle.vin'
  | 'pims.vehicle.vins';

/** Every API that `set` knows (SDK 2.3), with its variants. */
export interface SetApis {
  readonly 'pims.authentication.enrollment':
    | SetAuthenticationEnrollmentEnroll
    | SetAuthenticationEnrollmentEnrollWithPhoneNumber
    | SetAuthenticationEnrollmentRemove;
  readonly 'pims.authentication.pincode':
    | SetAuthenticationPincodeReset
    | SetAuthenticationPincodeUpdate
    | SetAuthenticationPincodeCreate;
  readonly 'pims.authentication.session': SetAuthenticationSession;
  readonly 'pims.authentication.smscode':
    | SetAuthenticationSmscodeAddPhoneNumber
    | SetAuthenticationSmscodeEnrollment
    | SetAuthenticationSmscodeModifyPhoneNumber;
  readonly 'pims.authentication.user':
    | SetAuthenticationUserCreateAccount
    | SetAuthenticationUserLogin
    | SetAuthenticationUserForcedLogin
    | SetAuthenticationUserLogout
    | SetAuthenticationUserUpdateLogin
    | SetAuthenticationUserUpdatePassword
    | SetAuthenticationUserCreateAccountIsSocial
    | SetAuthenticationUserCreateAccountFCABasicAuthentication
    | SetAuthenticationUserForgotPassword
    | SetAuthenticationUserLoginIsSocial
    | SetAuthenticationUserLoginFCABasicAuthentication
    | SetAuthenticationUserLogoutFCABasicAuthentication;
  readonly 'pims.sdk.configuration': SetSdkConfiguration;
  readonly 'pims.sdk.event': SetSdkEventDisable | SetSdkEventEnable | SetSdkEventRemove;
  readonly 'pims.sdk.notification': SetSdkNotification;
  readonly 'pims.sdk.token': SetSdkTokenRegisterPushToken | SetSdkTokenUnregisterPushToken;
  readonly 'pims.subscription.vehicle': SetSubscriptionVehicleRemoveProperty;
  readonly 'pims.vehicle.carkey': SetVehicleCarkey;
  readonly 'pims.vehicle.cleardata': SetVehicleCleardata;
  readonly 'pims.vehicle.command':
    | SetVehicleCommandCharge
    | SetVehicleCommandChargeDeferredTime
    | SetVehicleCommandDoors
    | SetVehicleCommandHorn
    | SetVehicleCommandPreconditioning
    | SetVehicleCommandWarning;
  readonly 'pims.vehicle.configuration': SetVehicleConfiguration;
  readonly 'pims.vehicle.destination': SetVehicleDestinationCoordinate | SetVehicleDestinationExtension;
  readonly 'pims.vehicle.device': SetVehicleDevice;
  readonly 'pims.vehicle.media':
    | SetVehicleMediaFrequency
    | SetVehicleMediaMediaSource
    | SetVehicleMediaNextMediaPreviousMedia
    | SetVehicleMediaPresetStationSave
    | SetVehicleMediaPresetStationUnsave
    | SetVehicleMediaPresetStationStart
    | SetVehicleMediaSoundMute
    | SetVehicleMediaSoundVolume
    | SetVehicleMediaStartScan
    | SetVehicleMediaStopScan;
  readonly 'pims.vehicle.price': SetVehiclePrice;
  readonly 'pims.vehicle.service': SetVehicleService;
  readonly 'pims.vehicle.settings': SetVehicleSettings;
  readonly 'pims.vehicle.timeout': SetVehicleTimeout;
  readonly 'pims.vehicle.trips':
    | SetVehicleTripsEdit
    | SetVehicleTripsExport
    | SetVehicleTripsImport
    | SetVehicleTripsMerge
    | SetVehicleTripsRemove
    | SetVehicleTripsUnmerge;
  readonly 'pims.vehicle.vin': SetVehicleVin | SetVehicleVinRemote;
}

/** Those that can be called without parameters. */
export type SetApiWithoutParameters =
  | 'pims.sdk.configuration'
  | 'pims.vehicle.carkey'
  | 'pims.vehicle.cleardata'
  | 'pims.vehicle.timeout';

/** Every API that `subscribe` knows (SDK 2.3), with its variants. */
export interface SubscribeApis {
  readonly 'pims.vehicle.connection': SubscribeVehicleConnection;
  readonly 'pims.vehicle.event':
    | SubscribeVehicleEventRemote
    | SubscribeVehicleEvent
    | SubscribeVehicleEventO2x
    | SubscribeVehicleEventSendToNav
    | SubscribeVehicleEventTripNDrive;
  readonly 'pims.vehicle.informations': SubscribeVehicleInformationsO2x;
  readonly 'pims.vehicle.media': SubscribeVehicleMediaInfo | SubscribeVehicleMediaScan;
  readonly 'pims.vehicle.signal': SubscribeVehicleSignal;
  readonly 'pims.vehicle.trips': SubscribeVehicleTrips;
}

/** Those that can be called without parameters. */
export type SubscribeApiWithoutParameters =
  | 'pims.vehicle.connection'
  | 'pims.vehicle.event'
  | 'pims.vehicle.signal'
  | 'pims.vehicle.trips';
