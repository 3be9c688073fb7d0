/** How much of a span is left. */
export function Ring({ share }: { readonly share: number }) {
  const around = 2 * Math.PI * 5.5;
  return (
    <svg width={15} height={15} viewBox="0 0 15 15" aria-hidden>
      <circle cx={7.5} cy={7.5} r={5.5} fill="none" stroke="var(--line-strong)" strokeWidth={2.5} />
      <circle
        cx={7.5}
        cy={7.5}
        r={5.5}
        fill="none"
        stroke={share === 0 ? 'var(--bad)' : share < 0.1 ? 'var(--warn)' : 'var(--ok)'}
        strokeWidth={2.5}
        strokeDasharray={`${around * share} ${around}`}
        transform="rotate(-90 7.5 7.5)"
      />
    </svg>
  );
}
