/** Every team has these labels. */
export const LABELS = [
  { name: 'bug', color: '#d73a4a' },
  { name: 'feature', color: '#0e8a16' },
  { name: 'chore', color: '#8d99ae' },
  { name: 'customer', color: '#fbca04' },
  { name: 'regression', color: '#b60205' },
  { name: 'performance', color: '#5319e7' },
  { name: 'documentation', color: '#0075ca' },
  { name: 'good first issue', color: '#7057ff' },
] as const
