import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { followBench } from './data/live.ts';
import { applyTheme } from './data/preferences.ts';
import { followAddress } from './data/route.ts';
import './ui/base.css';

applyTheme();
followAddress();
void followBench();

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
