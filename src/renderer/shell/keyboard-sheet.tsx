import { Dialog } from '../ui/dialog.tsx';
import { IS_APPLE } from './platform.ts';
import styles from './keyboard-sheet.module.css';

const GROUPS: readonly { readonly title: string; readonly keys: readonly (readonly [string, string])[] }[] = [
  {
    title: 'Go to',
    keys: [
      ['g s', 'Stage'],
      ['g t', 'Timeline'],
      ['g m', 'Inbox'],
      ['g u', 'Pools'],
      ['g p', 'Providers'],
      ['g i', 'Identity pools'],
      ['g y', 'Sync'],
      ['g f', 'Functions'],
      ['g a', 'Access'],
      ['g d', 'Audit'],
      ['g c', 'Scenarios'],
      [IS_APPLE ? '⌘ K' : 'Ctrl K', 'Search and commands'],
    ],
  },
  {
    title: 'Calls',
    keys: [
      ['j', 'Next call, audit record, identity or provider'],
      ['k', 'Previous call, or record of the audit'],
      ['J', 'Next call of the same lane'],
      ['K', 'Previous call of the same lane'],
      [']', 'Next error'],
      ['[', 'Previous error'],
      ['/', 'Filter'],
    ],
  },
  {
    title: 'Chosen device',
    keys: [
      ['o', 'Online or offline'],
      ['s', 'Synchronise its datasets'],
    ],
  },
  {
    title: 'Page',
    keys: [
      ['.', 'Inspector'],
      ['`', 'Timeline under the stage'],
      ['c', 'Copy what is focused or chosen'],
      ['Esc', 'Let go of the selection'],
      ['?', 'This sheet'],
    ],
  },
];

export function KeyboardSheet({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title="Keyboard" isOpen onClose={onClose} wide>
      <div className={styles['groups']}>
        {GROUPS.map(({ title, keys }) => (
          <section key={title} aria-label={title}>
            <h3>{title}</h3>
            <dl>
              {keys.map(([key, what]) => (
                <div key={key}>
                  <dt>
                    {key.split(' ').map((part) => (
                      <kbd key={part}>{part}</kbd>
                    ))}
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
