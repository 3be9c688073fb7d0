import { Command, RotateCcw, Search } from 'lucide-react';
import { useState } from 'react';
import { Dialog as AriaDialog, DialogTrigger, Popover } from 'react-aria-components';
import { DEFAULT_ACCOUNT } from '../../shared/bench-api.ts';
import { useBench } from '../data/bench-state.ts';
import { openDialog } from '../data/dialogs.ts';
import { currentAccount, isAccount, switchAccount } from '../data/session.ts';
import { Button } from '../ui/button.tsx';
import { CopyId } from '../ui/copy.tsx';
import { Field } from '../ui/field.tsx';
import { ClockMenu } from './clock-menu.tsx';
import { IS_APPLE } from './platform.ts';
import styles from './top-bar.module.css';

export function TopBar() {
  const health = useBench((state) => state.health);
  const connection = useBench((state) => state.connection);
  return (
    <header className={styles['bar']}>
      <div className={styles['brand']}>
        <img src="./icon.svg" width={20} height={20} alt="" />
        <h1>Poolbench</h1>
      </div>
      <div className={styles['endpoint']}>
        <span className={styles['dot']} data-state={connection} aria-hidden />
        <CopyId value={health?.url ?? location.origin} label="endpoint" most={40} />
      </div>
      <AccountButton region={health?.region ?? 'us-east-1'} />
      <div className={styles['space']} />
      <ClockMenu />
      <Button variant="quiet" icon={RotateCcw} onPress={() => openDialog('reset')} className={styles['reset']}>
        <span className={styles['wide']}>Reset</span>
      </Button>
      <Button variant="plain" icon={Search} onPress={() => openDialog('palette')} className={styles['search']}>
        <span className={styles['wide']}>Search or run</span>
        <kbd>{IS_APPLE ? <Command size={11} aria-label="Command" /> : 'Ctrl'} K</kbd>
      </Button>
    </header>
  );
}

function AccountButton({ region }: { readonly region: string }) {
  const account = currentAccount();
  const [typed, setTyped] = useState(account);
  return (
    <DialogTrigger>
      <Button variant="quiet" className={styles['account']}>
        <span className="visually-hidden">Region </span>
        {region}
        <span aria-hidden>·</span>
        <span className="visually-hidden">, account </span>
        <span className={styles['number']}>{account}</span>
      </Button>
      <Popover className={styles['popover'] ?? ''} placement="bottom start" offset={4}>
        <AriaDialog className={styles['dialog'] ?? ''} aria-label="Account">
          <p>
            Each account is a world of its own. A client names its account by using the twelve digits as its access key
            id; any other key means <code>{DEFAULT_ACCOUNT}</code>.
          </p>
          <form
            onSubmit={(event) => {
              event.preventDefault();
              if (isAccount(typed)) switchAccount(typed);
            }}
          >
            <Field label="Account" value={typed} onChange={setTyped} mono inputMode="numeric" maxLength={12} />
            <Button type="submit" variant="primary" isDisabled={!isAccount(typed) || typed === account}>
              Show this account
            </Button>
          </form>
        </AriaDialog>
      </Popover>
    </DialogTrigger>
  );
}
