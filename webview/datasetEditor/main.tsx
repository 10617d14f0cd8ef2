import './datasetEditor.css';
