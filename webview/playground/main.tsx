import './playground.css';
