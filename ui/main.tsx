import { render } from 'preact';
import { App } from './app.tsx';
import { followPlace } from './state/place.ts';
import { applySettings } from './state/settings.ts';

applySettings();
followPlace();
render(<App />, document.querySelector('#page')!);
