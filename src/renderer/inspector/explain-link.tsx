import { ArrowRight } from 'lucide-react';
import type { Reason, TraceCaller } from '../../shared/trace.ts';
import { openAt } from '../data/route.ts';
import { Button } from '../ui/button.tsx';
import styles from './why-tab.module.css';

/** From what policies said in the end to what each of their statements said. */
export function ExplainLink({ reason, caller }: { readonly reason: Reason; readonly caller: TraceCaller }) {
  const { action, resource } = reason.inputs ?? {};
  if (!reason.rule.startsWith('AC-EVAL-') || caller.kind !== 'session') return null;
  if (typeof action !== 'string' || typeof resource !== 'string') return null;
  return (
    <div className={styles['explain']}>
      <Button size="small" onPress={() => openAt('access', 'explain', caller.accessKeyId, action, resource)}>
        Explain with every statement <ArrowRight size={13} aria-hidden />
      </Button>
    </div>
  );
}
