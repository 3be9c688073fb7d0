import { create } from 'zustand';
import { prefer } from './preferences.ts';
import { selectEvent } from './route.ts';

/** The tab stays the same from one call to the next, for reading along. */
export const useInspectorTab = create<{ readonly tab: string }>(() => ({ tab: 'summary' }));

/** A call's reasons, in sight whatever was shown or put away before. */
export function showWhy(id: number): void {
  useInspectorTab.setState({ tab: 'why' });
  prefer({ inspectorOpen: true });
  selectEvent(id);
}
