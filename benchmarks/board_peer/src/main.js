/**
 * The peer of the board benchmarks: React Flow with its culling on, its nodes memoised and their sizes and sockets
 * declared, the same cards in the same places: header, picture, four sockets, textarea, select, button, one wire each.
 * `?n=1000&fit=1`. Only benchmarks/board.py opens it.
 */
import '@xyflow/react/dist/style.css';
import './peer.css';
import { Background, Handle, Position, ReactFlow, ReactFlowProvider } from '@xyflow/react';
import { createElement as h, memo, useMemo } from 'react';
import { createRoot } from 'react-dom/client';

const asked = new URLSearchParams(location.search);
const count = Number(asked.get('n') ?? 100);
const columns = Number(asked.get('columns') ?? 40);
const fit = asked.get('fit') === '1';
const inputs = ['pipeline', 'still', 'voice'];

const Shot = memo(function Shot({ data }) {
	return h(
		'div',
		{ className: 'shot' },
		h('header', null, data.code),
		h('img', { src: data.picture, alt: '', draggable: false, decoding: 'async', loading: 'lazy' }),
		...inputs.map((name) =>
			h(
				'div',
				{ key: name, className: 'socket' },
				h(Handle, { type: 'target', position: Position.Left, id: name }),
				name
			)
		),
		h(
			'div',
			{ className: 'socket right' },
			'video',
			h(Handle, { type: 'source', position: Position.Right, id: 'video' })
		),
		h(
			'div',
			{ className: 'body' },
			h('textarea', { className: 'nodrag nowheel', defaultValue: data.prompt }),
			h(
				'select',
				{ className: 'nodrag', defaultValue: 'push' },
				...['push', 'pull', 'still'].map((move) => h('option', { key: move, value: move }, move))
			),
			h('button', { className: 'nodrag' }, 'Generate')
		)
	);
});

const nodeTypes = { shot: Shot };
const size = { width: 288, height: 528 };
const handles = [
	...inputs.map((id, row) => ({ id, type: 'target', position: 'left', x: -7, y: 207 + 22 * row, width: 14, height: 14 })),
	{ id: 'video', type: 'source', position: 'right', x: 281, y: 273, width: 14, height: 14 }
];

function board() {
	const nodes = [];
	const edges = [];
	for (let at = 0; at < count; at++) {
		nodes.push({
			id: `n${at}`,
			type: 'shot',
			position: { x: 340 * (at % columns), y: 720 * Math.floor(at / columns) },
			data: { code: String((at + 1) * 10).padStart(3, '0'), prompt: `Shot ${at}`, picture: `/picture.webp?${at % 60}` },
			...size,
			measured: size,
			handles
		});
		if (at % columns)
			edges.push({
				id: `e${at}`,
				source: `n${at - 1}`,
				sourceHandle: 'video',
				target: `n${at}`,
				targetHandle: 'still'
			});
	}
	return { nodes, edges };
}

function Peer() {
	const { nodes, edges } = useMemo(board, []);
	return h(
		ReactFlow,
		{
			defaultNodes: nodes,
			defaultEdges: edges,
			nodeTypes,
			minZoom: 0.02,
			maxZoom: 2,
			fitView: fit,
			defaultViewport: { x: 20, y: 20, zoom: 0.8 },
			onlyRenderVisibleElements: true,
			selectionOnDrag: true,
			panOnDrag: [1],
			colorMode: 'dark'
		},
		h(Background)
	);
}

createRoot(document.getElementById('root')).render(
	h('div', { className: 'room' }, h(ReactFlowProvider, null, h(Peer)))
);
