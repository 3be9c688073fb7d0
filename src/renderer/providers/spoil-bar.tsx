import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { SPOILS_OF, type Spoil, type StandInView } from '../../shared/stand-ins.ts';
import { useAsking } from '../data/answers.ts';
import { Button } from '../ui/button.tsx';
import { Check } from '../ui/choice.tsx';
import { Refusal } from '../ui/form.tsx';
import { Select } from '../ui/select.tsx';
import { change } from './provider.ts';
import { FORMAT_NAMES, SPOIL_WORDS } from './words.ts';
import styles from './providers.module.css';

/** What is wrong with what the provider hands out, whoever asks for it. */
export function SpoilBar({ provider }: { readonly provider: StandInView }) {
  const { format, spoil } = provider;
  const [once, setOnce] = useState(true);
  const { busy, refused, ask } = useAsking();
  const set = (what: Spoil) => void ask(() => change(provider, ['spoil'], { what, once }));
  const { text, means } = SPOIL_WORDS[spoil.what];
  return (
    <>
      {spoil.what === 'none' ? (
        <div className={styles['spoil']}>
          <Select
            label="What it hands out is"
            value="none"
            disabled={busy}
            options={SPOILS_OF[format].map((what) => ({ value: what, text: SPOIL_WORDS[what].text }))}
            onChange={(what) => set(what as Spoil)}
          />
          <Check checked={once} onChange={setOnce}>
            spoil the next {FORMAT_NAMES[format]} alone
          </Check>
        </div>
      ) : (
        <div className={styles['warning']} role="status">
          <TriangleAlert size={16} aria-hidden />
          <span>
            <strong>Spoiled: {text.toLowerCase()}.</strong>{' '}
            {spoil.once ? `The next ${FORMAT_NAMES[format]} is` : `Every ${FORMAT_NAMES[format]} is`} {means}.
          </span>
          <Button size="small" isDisabled={busy} onPress={() => set('none')}>
            End it
          </Button>
        </div>
      )}
      <Refusal refused={refused} />
    </>
  );
}
