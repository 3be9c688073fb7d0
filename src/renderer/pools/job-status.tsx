import { Mark, type Tone } from '../ui/marks.tsx';

const TONES: Readonly<Record<string, Tone>> = {
  Succeeded: 'ok',
  Failed: 'bad',
  Expired: 'warn',
  Stopped: 'warn',
  Pending: 'accent',
  InProgress: 'accent',
};

export const JobStatus = ({ status = '' }: { readonly status?: string | undefined }) => (
  <Mark tone={TONES[status] ?? 'plain'}>{status}</Mark>
);
