import { RotateCcw, Trash2, X } from 'lucide-react';
import { useState } from 'react';
import type { StandInView } from '../../shared/stand-ins.ts';
import { openAt } from '../data/route.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { CopyId } from '../ui/copy.tsx';
import { Confirm } from '../ui/form.tsx';
import { Mark } from '../ui/marks.tsx';
import { Tabs, type TabEntry } from '../ui/tabs.tsx';
import { ClientsTab } from './clients-tab.tsx';
import { KeysTab } from './keys-tab.tsx';
import { PeopleTab } from './people-tab.tsx';
import { remove } from './provider.ts';
import { SignToken } from './sign-token.tsx';
import { SpoilBar } from './spoil-bar.tsx';
import { UseIt } from './use-it.tsx';
import { appWords, FORMAT_NAMES, KIND_NAMES } from './words.ts';
import styles from './providers.module.css';

interface DetailProps {
  readonly provider: StandInView;
  readonly tab: string | undefined;
}

export function ProviderDetail({ provider, tab = 'sign' }: DetailProps) {
  const { name, kind, format, issuer, url, isReadyMade } = provider;
  const [removing, setRemoving] = useState(false);
  const verb = isReadyMade ? 'Start over' : 'Delete';
  const tabs: TabEntry[] = [
    {
      id: 'sign',
      title: `Sign ${format === 'id-token' ? 'a token' : `an ${FORMAT_NAMES[format]}`}`,
      content: <SignToken provider={provider} />,
    },
    { id: 'people', title: 'People', content: <PeopleTab provider={provider} /> },
    { id: 'apps', title: appWords(format).many, content: <ClientsTab provider={provider} /> },
    ...(format === 'access-token' ? [] : [{ id: 'keys', title: 'Keys', content: <KeysTab provider={provider} /> }]),
    { id: 'use', title: 'Use with an identity pool', content: <UseIt provider={provider} /> },
  ];
  return (
    <article className={styles['detail']} aria-label={`Provider ${name}`}>
      <header className={styles['head']}>
        <div className={styles['title']}>
          <h3>{name}</h3>
          <Mark>{KIND_NAMES[kind]}</Mark>
          <span className={styles['tools']}>
            <Button
              size="small"
              variant="quiet"
              icon={isReadyMade ? RotateCcw : Trash2}
              onPress={() => setRemoving(true)}
            >
              {verb}
            </Button>
            <IconButton
              icon={X}
              label="Back to the list"
              shortcut="Esc"
              data-close
              onPress={() => openAt('providers')}
            />
          </span>
        </div>
        <div className={styles['ids']}>
          <span>
            {format === 'assertion' ? 'Entity id ' : 'Issuer '}
            <CopyId value={issuer} label="issuer" most={60} />
          </span>
          {url !== issuer && (
            <span>
              Answers at <CopyId value={url} label="address on the bench" most={60} />
            </span>
          )}
        </div>
        <SpoilBar provider={provider} />
      </header>
      <div className={styles['tabs']}>
        <Tabs
          label={`Parts of ${name}`}
          fill
          selected={tabs.some(({ id }) => id === tab) ? tab : 'sign'}
          onSelect={(next) => next !== tab && openAt('providers', name, next)}
          tabs={tabs}
        />
      </div>
      {removing && (
        <Confirm
          title={`${verb}: ${name}`}
          verb={verb}
          onClose={() => setRemoving(false)}
          run={async () => {
            await remove(provider);
            if (!isReadyMade) openAt('providers');
          }}
        >
          {isReadyMade
            ? 'People, apps and keys are put back as they were; tokens that were handed out no longer verify.'
            : 'Its people, apps and keys are gone, and tokens that it handed out no longer verify.'}
        </Confirm>
      )}
    </article>
  );
}
