import './pipeline.css';
import { render } from 'preact';
import { PipelinePage } from './PipelinePage';
import { load } from './pipelineModel';

void load();
const root = document.getElementById('root');
if (root) render(<PipelinePage />, root);
