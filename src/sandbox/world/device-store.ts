import type { Clock } from "../../domain/ports/runtime.ts";

/** The words of a client about itself when it registers. */
export interface DeviceDetails {
  readonly deviceType: string;
  readonly name?: string;
  readonly deviceName?: string;
  readonly model?: string;
  readonly localizedModel?: string;
  readonly systemName?: string;
  readonly systemVersion?: string;
}

/** A client that hears events by a socket instead of a webhook. */
export interface Device extends DeviceDetails {
  readonly id: string;
  readonly ownerId: string;
  /** The address of the sandbox as the client wrote it: `http://127.0.0.1:4000`. */
  readonly origin: string;
  readonly creationTime: string;
  readonly modificationTime: string;
}

interface DeviceStoreDeps {
  readonly clock: Clock;
  readonly newUuid: () => string;
  /** Called when a device begins or ceases to listen. */
  readonly onListening: () => void;
}

export function createDeviceStore({ clock, newUuid, onListening }: DeviceStoreDeps) {
  const devices = new Map<string, Device>();
  const listening = new Set<string>();
  const now = () => new Date(clock()).toISOString();
  return {
    all: (): readonly Device[] => [...devices.values()],
    get: (id: string) => devices.get(id),
    ofPerson: (personId: string) => [...devices.values()].filter(({ ownerId }) => ownerId === personId),
    remove: (id: string) => devices.delete(id),
    clear: () => devices.clear(),
    isListening: (id: string) => listening.has(id),
    /** A device listens as long as it has an authorized connection. */
    setListening(id: string, isListening: boolean): void {
      if (listening.has(id) === isListening) return;
      if (isListening) listening.add(id);
      else listening.delete(id);
      onListening();
    },
    add(owner: { readonly ownerId: string; readonly origin: string }, details: DeviceDetails): Device {
      const device = { id: newUuid(), ...owner, ...details, creationTime: now(), modificationTime: now() };
      devices.set(device.id, device);
      return device;
    },
    refresh(device: Device, details: DeviceDetails): Device {
      const refreshed = { ...device, ...details, modificationTime: now() };
      devices.set(device.id, refreshed);
      return refreshed;
    },
  };
}
