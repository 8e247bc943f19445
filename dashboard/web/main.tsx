import './language.ts';
import '@fontsource-variable/inter';
import 'uplot/dist/uPlot.min.css';
import './styles/tokens.css';
import './styles/frame.css';
import './styles/parts.css';
import './styles/overview.css';
import './styles/views.css';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { LiveContext } from './live/context.ts';
import { LiveStore } from './live/store.ts';
import { applyTheme } from './theme.ts';

applyTheme();
const store = new LiveStore('/api/stream');
store.connect();
const root = document.getElementById('root');
if (root)
  createRoot(root).render(
    <LiveContext value={store}>
      <App />
    </LiveContext>,
  );
