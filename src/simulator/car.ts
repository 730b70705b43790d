/**
 * The simulated car: commands change it, and the status shows it (SDK: `pims.vehicle.informations`, remote).
 */
export class Car {
  isLocked = false;
  isCharging = false;
  isPreconditioning = false;
  horns = 0;
  flashes = 0;
  nextChargeAt = 'PT21H30M';

  constructor(readonly vin: string) {}

  /** The remote status, spelt as the SDK spells it (`ressources`). */
  status(now: number): unknown {
    const lastUpdate = new Date(now).toISOString();
    return {
      vehicle: {
        ressources: {
          status: {
            lastUpdate,
            vehicleType: 'hybrid',
            vin: this.vin,
            doorStateInformation: {
              isDriverDoorOpened: false,
              isPassengerDoorOpened: false,
              isTrunkDoorOpened: false,
              state: [this.isLocked ? 'Locked' : 'Unlocked'],
            },
            precondInformation: { lastUpdate, status: this.isPreconditioning ? 'Enabled' : 'Disabled' },
            electricInformation: {
              autonomy: 214,
              chargingLevel: 68,
              lastUpdate,
              type: 'electric',
              ChargingInfo: {
                chargingMode: this.isCharging ? 'SLOW' : 'NO',
                chargingState: this.isCharging ? 'INPROGRESS' : 'STOPPED',
                isPlugged: true,
                nextDeferredChargingDate: this.nextChargeAt,
                remainingTime: 'PT2H5M',
              },
            },
          },
        },
        attributes: { engine: 'PHEV', vin: this.vin, brand: 'peugeot' },
      },
    };
  }
}
