import type { LucideIcon } from 'lucide-react';
import type { ReactNode, Ref } from 'react';
import {
  Button as AriaButton,
  Tooltip,
  TooltipTrigger,
  type ButtonProps as AriaButtonProps,
} from 'react-aria-components';
import { cx } from './class-names.ts';
import styles from './button.module.css';

interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'children'> {
  readonly variant?: 'primary' | 'plain' | 'quiet' | 'danger';
  readonly size?: 'small' | 'normal' | 'large';
  readonly icon?: LucideIcon;
  readonly children?: ReactNode;
  readonly className?: string | undefined;
  readonly ref?: Ref<HTMLButtonElement>;
}

export function Button({ variant = 'plain', size = 'normal', icon: Icon, children, className, ...props }: ButtonProps) {
  return (
    <AriaButton {...props} className={cx(styles['button'], styles[variant], styles[size], className)}>
      {Icon && <Icon size={size === 'large' ? 16 : 14} aria-hidden />}
      {children}
    </AriaButton>
  );
}

interface IconButtonProps extends Omit<AriaButtonProps, 'className' | 'children' | 'aria-label'> {
  readonly icon: LucideIcon;
  /** What it does; shown as a tooltip too. */
  readonly label: string;
  /** A key that does the same. */
  readonly shortcut?: string;
  readonly pressed?: boolean;
  readonly className?: string | undefined;
}

export function IconButton({ icon: Icon, label, shortcut, pressed, className, ...props }: IconButtonProps) {
  return (
    <TooltipTrigger delay={500} closeDelay={80}>
      <AriaButton
        {...props}
        aria-label={label}
        {...(pressed === undefined ? {} : { 'aria-pressed': pressed })}
        className={cx(styles['button'], styles['quiet'], styles['icon'], pressed && styles['pressed'], className)}
      >
        <Icon size={15} aria-hidden />
      </AriaButton>
      <Tip shortcut={shortcut}>{label}</Tip>
    </TooltipTrigger>
  );
}

export function Tip({ children, shortcut }: { readonly children: ReactNode; readonly shortcut?: string | undefined }) {
  return (
    <Tooltip className={styles['tip'] ?? ''} offset={6}>
      {children}
      {shortcut && <kbd className={styles['key']}>{shortcut}</kbd>}
    </Tooltip>
  );
}
