import { DEFAULT_ACCOUNT, UI_PATH } from '../../shared/bench-api.ts';

const CHOSEN_ACCOUNT = 'poolbench.account';

let token = tokenIn(document);
let homeAccount = DEFAULT_ACCOUNT;

/** The launch token, which the bench writes into the page that it serves. */
export const launchToken = (): string => token;

function tokenIn(page: Document): string {
  const tags = page.querySelectorAll<HTMLMetaElement>('meta[name="poolbench-token"]');
  return [...tags].find(({ content }) => content !== '')?.content ?? '';
}

/** Reads the token anew, because each run of a bench has another; tells whether this is another run. */
export async function renewToken(): Promise<boolean> {
  const answer = await fetch(UI_PATH, { cache: 'no-store' });
  const found = tokenIn(new DOMParser().parseFromString(await answer.text(), 'text/html'));
  if (found === '' || found === token) return false;
  token = found;
  return true;
}

export const isAccount = (text: string): boolean => /^\d{12}$/.test(text);

/** The account that this page looks at; each is a world of its own. */
export function currentAccount(): string {
  const chosen = sessionStorage.getItem(CHOSEN_ACCOUNT) ?? '';
  return isAccount(chosen) ? chosen : homeAccount;
}

/** What a page shows where nobody chose an account: the one that the bench was started with. */
export function setHomeAccount(account: string): void {
  if (isAccount(account)) homeAccount = account;
}

/** Shows another account in this tab. */
export function switchAccount(account: string): void {
  sessionStorage.setItem(CHOSEN_ACCOUNT, account);
  location.hash = '#/stage';
  location.reload();
}
