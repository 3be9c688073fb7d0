import { ChevronDown, ChevronRight, Eye, EyeOff } from 'lucide-react';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { Json } from '../../shared/json.ts';
import { MASK } from '../format/masking.ts';
import { cx } from './class-names.ts';
import styles from './json-tree.module.css';

interface TreeProps {
  readonly value: Json;
  /** Paths whose values are masked until revealed. */
  readonly secrets?: readonly string[];
  /** How many levels are open at first. */
  readonly open?: number;
}

const NONE: readonly string[] = [];

/** A JSON value that folds. */
export function JsonTree({ value, secrets = NONE, open = 3 }: TreeProps) {
  return (
    <div className={styles['tree']}>
      <Node value={value} path="" secrets={secrets} open={open} />
    </div>
  );
}

interface NodeProps {
  readonly name?: string;
  readonly value: Json;
  readonly path: string;
  readonly secrets: readonly string[];
  readonly open: number;
}

function Node({ name, value, path, secrets, open }: NodeProps) {
  const [isOpen, setOpen] = useState(open > 0);
  const isSecret = path !== '' && secrets.includes(path);
  const isBranch = value !== null && typeof value === 'object' && !isSecret;
  const entries = isBranch ? Object.entries(value) : [];

  if (!isBranch || entries.length === 0) {
    return (
      <div className={styles['row']}>
        <Name name={name} />
        {isSecret ? <Secret value={asText(value)} label={path} /> : <Leaf value={value} />}
      </div>
    );
  }
  const isList = Array.isArray(value);
  return (
    <div>
      <div className={styles['row']}>
        <Button
          className={styles['fold'] ?? ''}
          aria-expanded={isOpen}
          aria-label={`${isOpen ? 'Fold' : 'Unfold'} ${name ?? 'body'}`}
          onPress={() => setOpen(!isOpen)}
        >
          {isOpen ? <ChevronDown size={12} aria-hidden /> : <ChevronRight size={12} aria-hidden />}
        </Button>
        <Name name={name} />
        <span className={styles['count']}>{isList ? `[${entries.length}]` : `{${entries.length}}`}</span>
      </div>
      {isOpen && (
        <div className={styles['children']}>
          {entries.map(([key, child]) => (
            <Node
              key={key}
              name={key}
              value={child}
              path={path ? `${path}.${key}` : key}
              secrets={secrets}
              open={open - 1}
            />
          ))}
        </div>
      )}
    </div>
  );
}

const Name = ({ name }: { readonly name: string | undefined }) =>
  name !== undefined && <span className={styles['name']}>{name}</span>;

const asText = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

const LONG = 240;

function Leaf({ value }: { readonly value: Json }) {
  const [whole, setWhole] = useState(false);
  const kind = value === null ? 'null' : typeof value;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const isLong = text.length > LONG;
  return (
    <span className={cx(styles['value'], styles[kind])} data-copy={text}>
      {kind === 'string' && text === '' ? '“”' : isLong && !whole ? text.slice(0, LONG) : text}
      {isLong && (
        <Button className={styles['more'] ?? ''} onPress={() => setWhole(!whole)}>
          {whole ? 'less' : `… ${text.length - LONG} more`}
        </Button>
      )}
    </span>
  );
}

/** A value that stays covered until somebody asks for it. */
export function Secret({ value, label }: { readonly value: string; readonly label: string }) {
  const [shown, setShown] = useState(false);
  return (
    <span className={styles['secret']}>
      <span className={cx(styles['value'], shown && styles['string'])} {...(shown ? { 'data-copy': value } : {})}>
        {shown ? value : MASK}
      </span>
      <Button
        className={styles['reveal'] ?? ''}
        aria-pressed={shown}
        aria-label={`${shown ? 'Hide' : 'Reveal'} ${label}`}
        onPress={() => setShown(!shown)}
      >
        {shown ? <EyeOff size={12} aria-hidden /> : <Eye size={12} aria-hidden />}
        {shown ? 'Hide' : 'Reveal'}
      </Button>
    </span>
  );
}
