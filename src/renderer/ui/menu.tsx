import { Check, type LucideIcon } from 'lucide-react';
import type { ReactElement } from 'react';
import { Keyboard, Menu, MenuItem, MenuTrigger, Popover, Separator, type PopoverProps } from 'react-aria-components';
import { cx } from './class-names.ts';
import styles from './menu.module.css';

export interface MenuEntry {
  readonly id: string;
  readonly text: string;
  readonly icon?: LucideIcon;
  readonly keys?: string;
  readonly danger?: boolean;
  readonly checked?: boolean;
  readonly disabled?: boolean;
  /** Draws a line above. */
  readonly apart?: boolean;
  readonly run: () => void;
}

interface MenuButtonProps {
  /** The button that opens it. */
  readonly children: ReactElement;
  readonly label: string;
  readonly entries: readonly MenuEntry[];
  readonly placement?: PopoverProps['placement'];
}

export function MenuButton({ children, label, entries, placement = 'bottom end' }: MenuButtonProps) {
  return (
    <MenuTrigger>
      {children}
      <Popover className={styles['popover'] ?? ''} placement={placement} offset={4}>
        <Menu className={styles['menu'] ?? ''} aria-label={label}>
          {entries.flatMap((entry) => [
            ...(entry.apart ? [<Separator key={`${entry.id}-line`} className={styles['line'] ?? ''} />] : []),
            <MenuItem
              key={entry.id}
              id={entry.id}
              textValue={entry.text}
              isDisabled={entry.disabled ?? false}
              onAction={entry.run}
              className={cx(styles['item'], entry.danger && styles['danger'])}
            >
              {entry.icon ? <entry.icon size={14} aria-hidden /> : <span className={styles['gap']} />}
              <span className={styles['text']}>{entry.text}</span>
              {entry.checked && <Check size={14} aria-label="chosen" />}
              {entry.keys && <Keyboard className={styles['keys'] ?? ''}>{entry.keys}</Keyboard>}
            </MenuItem>,
          ])}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
