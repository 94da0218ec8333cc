import type { DeviceSlot } from '../scheduler/device-slots.ts';

/** Places for so many attempts at a time; the devices are those of whoever takes them. */
export function queueSlots(count: number): DeviceSlot[] {
  return Array.from({ length: count }, () => ({ label: 'queue', locks: [], threads: undefined, env: {} }));
}
