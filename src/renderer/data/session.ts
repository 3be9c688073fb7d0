import { DEFAULT_ACCOUNT } from '../../shared/bench-api.ts';
import { readSetting, writeSetting } from './settings-storage.ts';

/** The launch token, which the bench writes into the page that it serves. */
export function launchToken(): string {
  const tags = document.querySelectorAll<HTMLMetaElement>('meta[name="poolbench-token"]');
  return [...tags].find(({ content }) => content !== '')?.content ?? '';
}

export const isAccount = (text: string): boolean => /^\d{12}$/.test(text);

/** The account that this page looks at; each is a world of its own. */
export function currentAccount(): string {
  const stored = readSetting('account', DEFAULT_ACCOUNT);
  return isAccount(stored) ? stored : DEFAULT_ACCOUNT;
}

export function switchAccount(account: string): void {
  writeSetting('account', account);
  location.hash = '#/stage';
  location.reload();
}
