import { create } from 'zustand';
import { readSetting, writeSetting } from './settings-storage.ts';

export type Theme = 'system' | 'light' | 'dark';

export interface Preferences {
  readonly theme: Theme;
  readonly dockOpen: boolean;
  readonly inspectorOpen: boolean;
  readonly timelineAs: 'sequence' | 'list';
  /** Whether the timeline leaves out what the page asks for to show something. */
  readonly hidesPageReads: boolean;
  readonly demoSeen: boolean;
}

const FIRST: Preferences = {
  theme: 'system',
  dockOpen: true,
  inspectorOpen: true,
  timelineAs: 'sequence',
  hidesPageReads: true,
  demoSeen: false,
};

export const usePreferences = create<Preferences>(() => ({
  ...FIRST,
  ...readSetting<Partial<Preferences>>('page', {}),
}));

export function prefer(change: Partial<Preferences>): void {
  usePreferences.setState(change);
  writeSetting('page', usePreferences.getState());
  if (change.theme) applyTheme();
}

export function applyTheme(): void {
  document.documentElement.dataset['theme'] = usePreferences.getState().theme;
}
