import './rollouts.css';
