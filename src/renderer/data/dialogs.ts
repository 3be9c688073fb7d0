import { create } from 'zustand';
import type { DeviceDataset } from '../../shared/device.ts';

export type OpenDialog =
  | { readonly name: 'palette' | 'keys' | 'reset' }
  | { readonly name: 'add-device'; readonly kind: 'phone' | 'tablet' }
  | { readonly name: 'remove-device' | 'people' | 'call-resource' | 'link-login'; readonly deviceId: string }
  | { readonly name: 'resolve'; readonly deviceId: string; readonly dataset: DeviceDataset['name'] }
  | { readonly name: 'sync-by-function'; readonly deviceId: string; readonly dataset: DeviceDataset['name'] }
  | { readonly name: 'delete-dataset'; readonly deviceId: string; readonly dataset: DeviceDataset['name'] };

/** At most one dialog is open, whoever opened it. */
export const useDialog = create<{ readonly open: OpenDialog | null }>(() => ({ open: null }));

export function openDialog(dialog: OpenDialog | 'palette' | 'keys' | 'reset'): void {
  useDialog.setState({ open: typeof dialog === 'string' ? { name: dialog } : dialog });
}

export const closeDialog = (): void => useDialog.setState({ open: null });
