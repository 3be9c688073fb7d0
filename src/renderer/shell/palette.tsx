import {
  Autocomplete,
  Dialog,
  Input,
  Keyboard,
  Label,
  Menu,
  MenuItem,
  MenuSection,
  Header,
  Modal,
  ModalOverlay,
  TextField,
  useFilter,
} from 'react-aria-components';
import { useMemo, useState } from 'react';
import { Search } from 'lucide-react';
import { useBench } from '../data/bench-state.ts';
import { commands, type Command } from './commands.ts';
import styles from './palette.module.css';

/** Everything that can be done, by its name. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const { contains } = useFilter({ sensitivity: 'base' });
  const [typed, setTyped] = useState('');
  const bench = useBench();
  const groups = useMemo(() => groupOf(commands(bench, typed)), [bench, typed]);
  const run = (command: Command) => {
    onClose();
    command.run();
  };
  return (
    <ModalOverlay className={styles['overlay'] ?? ''} isOpen onOpenChange={(open) => !open && onClose()} isDismissable>
      <Modal className={styles['modal'] ?? ''}>
        <Dialog className={styles['dialog'] ?? ''} aria-label="Search and commands">
          <Autocomplete filter={contains} inputValue={typed} onInputChange={setTyped}>
            <TextField className={styles['field'] ?? ''} autoFocus>
              <Label className="visually-hidden">Search or run</Label>
              <Search size={16} aria-hidden />
              <Input className={styles['input'] ?? ''} placeholder="Search or run… try “sync”, “freeze”, “12”" />
            </TextField>
            <Menu
              className={styles['list'] ?? ''}
              aria-label="Commands"
              ref={reachable}
              renderEmptyState={() => <p className={styles['none']}>Nothing by that name.</p>}
            >
              {[...groups].map(([group, entries]) => (
                <MenuSection key={group} className={styles['section'] ?? ''}>
                  <Header className={styles['group'] ?? ''}>{group}</Header>
                  {entries.map((entry) => (
                    <MenuItem
                      key={entry.id}
                      id={entry.id}
                      textValue={`${entry.text} ${entry.words ?? ''}`}
                      className={styles['item'] ?? ''}
                      onAction={() => run(entry)}
                    >
                      <entry.icon size={15} aria-hidden />
                      <span className={styles['text']}>{entry.text}</span>
                      {entry.keys && <Keyboard className={styles['keys'] ?? ''}>{entry.keys}</Keyboard>}
                    </MenuItem>
                  ))}
                </MenuSection>
              ))}
            </Menu>
          </Autocomplete>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

/** The focus stays in the text field; but what scrolls must be reached by the keyboard too. */
function reachable(list: HTMLElement | null): void {
  // Autocomplete gives up on moving through a list that has a tab stop when it first sees it.
  queueMicrotask(() => list?.setAttribute('tabindex', '0'));
}

function groupOf(entries: readonly Command[]): Map<string, Command[]> {
  const groups = new Map<string, Command[]>();
  for (const entry of entries) groups.set(entry.group, [...(groups.get(entry.group) ?? []), entry]);
  return groups;
}
