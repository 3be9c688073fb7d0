import type { LucideIcon } from 'lucide-react';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useAsking, type Refused } from '../data/answers.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { Field } from './field.tsx';
import styles from './form.module.css';

/** AWS's own code and words. */
export function Refusal({ refused }: { readonly refused: Refused | undefined }) {
  if (!refused) return null;
  return (
    <p className={styles['refused']} role="alert">
      <strong>{refused.code}</strong>
      {refused.message}
    </p>
  );
}

export function Form({
  id,
  label,
  onSubmit,
  children,
}: {
  readonly id?: string;
  readonly label: string;
  readonly onSubmit: () => void;
  readonly children: ReactNode;
}) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    onSubmit();
  };
  return (
    <form id={id} className={styles['form']} aria-label={label} onSubmit={submit}>
      {children}
    </form>
  );
}

export const Pair = ({ children }: { readonly children: ReactNode }) => (
  <div className={styles['pair']}>{children}</div>
);

interface FormDialogProps {
  readonly title: string;
  /** What the button says. */
  readonly verb: string;
  readonly onClose: () => void;
  /** Does it; the dialog closes when it is done, and shows AWS's refusal otherwise. */
  readonly run: () => Promise<unknown>;
  readonly children: ReactNode;
  readonly ready?: boolean;
  readonly wide?: boolean;
  readonly danger?: boolean;
}

/** A dialog with a form that asks the bench for one thing. */
export function FormDialog({ title, verb, onClose, run, children, ready = true, wide, danger }: FormDialogProps) {
  const { busy, refused, ask } = useAsking();
  const submit = async () => {
    if (ready && !busy && (await ask(run))) onClose();
  };
  return (
    <Dialog
      title={title}
      isOpen
      onClose={onClose}
      {...(wide ? { wide } : {})}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          {/* It stays enabled while it works: a disabled button loses the focus, and then Escape closes nothing. */}
          <Button
            variant={danger ? 'danger' : 'primary'}
            isDisabled={!ready}
            onPress={() => void submit()}
            autoFocus={danger && ready}
          >
            {verb}
          </Button>
        </>
      }
    >
      <Form label={title} onSubmit={() => void submit()}>
        {children}
        <Refusal refused={refused} />
        {/* A form with several fields sends itself by Enter only where it has a button of its own. */}
        <button type="submit" hidden aria-hidden tabIndex={-1} />
      </Form>
    </Dialog>
  );
}

interface ConfirmProps {
  readonly title: string;
  readonly verb: string;
  readonly onClose: () => void;
  readonly run: () => Promise<unknown>;
  readonly children: ReactNode;
  /** What has to be typed first, where much would be gone. */
  readonly type?: string;
}

export function Confirm({ type, children, ...props }: ConfirmProps) {
  const [typed, setTyped] = useState('');
  return (
    <FormDialog {...props} danger ready={type === undefined || typed === type}>
      <div>{children}</div>
      {type !== undefined && <Field label={`Type ${type} to go on`} value={typed} onChange={setTyped} autoFocus />}
    </FormDialog>
  );
}

export function Empty({
  icon: Icon,
  title,
  children,
  actions,
}: {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly children: ReactNode;
  readonly actions?: ReactNode;
}) {
  return (
    <div className={styles['empty']}>
      <Icon size={22} aria-hidden />
      <h3>{title}</h3>
      <p>{children}</p>
      {actions && <div>{actions}</div>}
    </div>
  );
}
