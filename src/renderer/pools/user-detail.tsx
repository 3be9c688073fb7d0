import { Ban, Check, KeyRound, LogIn, LogOut, MoreHorizontal, Pencil, RotateCcw, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useAnswer, useAsking } from '../data/answers.ts';
import { idp } from '../data/aws.ts';
import { notify } from '../data/notices.ts';
import { dateAndTime } from '../format/time.ts';
import { Button } from '../ui/button.tsx';
import { CopyId } from '../ui/copy.tsx';
import { Fact, Facts, Section } from '../ui/facts.tsx';
import { Refusal } from '../ui/form.tsx';
import { Mark } from '../ui/marks.tsx';
import { MenuButton } from '../ui/menu.tsx';
import { idOf, openTab, signInName, when, type Pool } from './pool.ts';
import { SignInAs } from './sign-in-as.tsx';
import { DetailHead } from './split.tsx';
import { DeleteUser, EditAttributes, SetPassword } from './user-dialogs.tsx';
import { UserDevices } from './user-devices.tsx';
import { UserGroups } from './user-groups.tsx';
import { UserMfa } from './user-mfa.tsx';
import { UserStatus } from './user-status.tsx';
import styles from './pool.module.css';

type Open = 'sign-in' | 'password' | 'attributes' | 'delete' | undefined;

export function UserDetail({ pool, username }: { readonly pool: Pool; readonly username: string }) {
  const key = { UserPoolId: idOf(pool), Username: username };
  const { value: user, refused } = useAnswer(`user ${idOf(pool)} ${username}`, () => idp('AdminGetUser', key));
  const [open, setOpen] = useState<Open>();
  const asking = useAsking();
  const close = () => setOpen(undefined);
  const toList = () => openTab(pool, 'users');
  if (!user) {
    return (
      <>
        <DetailHead title={username} onClose={toList} />
        <div className={styles['actions']}>
          <Refusal refused={refused} />
        </div>
      </>
    );
  }
  const run = async (words: string, ask: () => Promise<unknown>) => {
    if (await asking.ask(ask)) notify(words);
  };
  const enabled = user.Enabled !== false;
  const name = signInName({ Username: user.Username, Attributes: user.UserAttributes ?? [] }, pool);
  return (
    <article aria-label={`User ${name}`}>
      <DetailHead title={name} onClose={toList}>
        <UserStatus status={user.UserStatus} />
        {!enabled && (
          <Mark tone="bad" icon={Ban}>
            disabled
          </Mark>
        )}
      </DetailHead>
      <div className={styles['actions']}>
        <Button variant="primary" icon={LogIn} onPress={() => setOpen('sign-in')}>
          Sign in as…
        </Button>
        {user.UserStatus === 'UNCONFIRMED' && (
          <Button
            icon={Check}
            isDisabled={asking.busy}
            onPress={() => void run(`${name} is confirmed`, () => idp('AdminConfirmSignUp', key))}
          >
            Confirm
          </Button>
        )}
        <Button icon={KeyRound} onPress={() => setOpen('password')}>
          Set password
        </Button>
        <MenuButton
          label={`More actions for ${name}`}
          entries={[
            {
              id: 'reset',
              text: 'Send a reset code',
              icon: RotateCcw,
              run: () => void run('A code was sent', () => idp('AdminResetUserPassword', key)),
            },
            {
              id: 'out',
              text: 'Sign out everywhere',
              icon: LogOut,
              run: () => void run('Signed out everywhere', () => idp('AdminUserGlobalSignOut', key)),
            },
            {
              id: 'enable',
              text: enabled ? 'Disable' : 'Enable',
              icon: enabled ? Ban : Check,
              run: () =>
                void run(enabled ? 'Disabled' : 'Enabled', () =>
                  idp(enabled ? 'AdminDisableUser' : 'AdminEnableUser', key),
                ),
            },
            {
              id: 'delete',
              text: 'Delete…',
              icon: Trash2,
              danger: true,
              apart: true,
              run: () => setOpen('delete'),
            },
          ]}
        >
          <Button icon={MoreHorizontal} aria-label={`More actions for ${name}`} />
        </MenuButton>
      </div>
      {asking.refused && (
        <div className={styles['actions']}>
          <Refusal refused={asking.refused} />
        </div>
      )}
      <Section
        title="Attributes"
        aside={
          <Button size="small" variant="quiet" icon={Pencil} onPress={() => setOpen('attributes')}>
            Edit
          </Button>
        }
      >
        <Facts>
          {name !== user.Username && (
            <Fact name="user name">
              <CopyId value={user.Username} label="user name" most={40} />
            </Fact>
          )}
          {(user.UserAttributes ?? []).map(({ Name, Value }) => (
            <Fact key={Name} name={Name}>
              {Name === 'sub' ? <CopyId value={Value ?? ''} label="sub" most={40} /> : <Flag value={Value} />}
            </Fact>
          ))}
          <Fact name="made">{dateAndTime(when(user.UserCreateDate))}</Fact>
          <Fact name="changed">{dateAndTime(when(user.UserLastModifiedDate))}</Fact>
        </Facts>
      </Section>
      <UserGroups pool={pool} username={user.Username} />
      <UserMfa pool={pool} user={user} />
      <UserDevices pool={pool} username={user.Username} />
      {open === 'sign-in' && <SignInAs pool={pool} username={name} onClose={close} />}
      {open === 'password' && <SetPassword pool={pool} username={user.Username} name={name} onClose={close} />}
      {open === 'attributes' && (
        <EditAttributes
          pool={pool}
          username={user.Username}
          name={name}
          attributes={user.UserAttributes ?? []}
          onClose={close}
        />
      )}
      {open === 'delete' && <DeleteUser pool={pool} username={user.Username} name={name} onClose={close} />}
    </article>
  );
}

function Flag({ value }: { readonly value: string | undefined }) {
  if (value === 'true') return <Mark tone="ok">true</Mark>;
  if (value === 'false') return <Mark>false</Mark>;
  return value;
}
