import './launch.css';
import { render } from 'preact';
import { LaunchView } from './LaunchView';
import { refresh } from './launchModel';

void refresh();
const root = document.getElementById('root');
if (root) render(<LaunchView />, root);
