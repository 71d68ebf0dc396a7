// SPDX-License-Identifier: MIT
// page.js - two charts over the same steps (or lines), and what they say of the one pointed at.
// The values are texts with the digits of the API: numbers are made of them to draw, never to show.
(() => {
    'use strict';
    const BARS = 62; // as many steps as can be told apart as bars
    const AXIS = 58; // width of the labels, so that both charts begin at the same place
    const NARROW = 640; // one chart below the other, as in the style sheet
    const LINE = 26; // height of a line, where each bar has a name
    const data = JSON.parse(document.getElementById('data').textContent);
    const charts = document.getElementById('charts');
    const tip = document.getElementById('tip');
    const root = document.documentElement;
    const roles = ['first', 'second'].filter((role) => data[role] >= 0);
    let active = -1;

    // ---- words ----

    const short = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });
    const utc = (options) => new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', ...options });
    const formats = {
        year: utc({ year: 'numeric' }),
        month: utc({ month: 'short', year: 'numeric' }),
        day: utc({ day: 'numeric', month: 'short' }),
        date: utc({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }),
    };

    // "2026-11-20 13", or less of it: how exact a step is can be seen from its length.
    function stepLabel(key, long) {
        const day = new Date(Date.UTC(key.slice(0, 4), (key.slice(5, 7) || 1) - 1, key.slice(8, 10) || 1));
        if (key.length === 4) return formats.year.format(day);
        if (key.length === 7) return formats.month.format(day);
        const text = (long ? formats.date : formats.day).format(day);
        return key.length === 13 ? `${text} ${key.slice(11)}:00` : text;
    }

    const grouped = (text) => text.replace(/^-?\d+/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, '\u202f'));
    const cut = (text) => (text.length > 26 ? `${[...text].slice(0, 25).join('')}…` : text);

    // ---- drawing ----

    const colour = (name) => getComputedStyle(root).getPropertyValue(`--${name}`).trim();
    const across = () => (data.time ? 'x' : 'y'); // the axis of the steps

    function values(role) {
        return data.metrics[data[role]].values.map((text) => (text === null ? null : Number(text)));
    }

    // What is pointed at, behind it.
    const pointer = {
        id: 'pointer',
        beforeDatasetsDraw(chart) {
            if (active < 0) return;
            const { ctx, chartArea: area, scales } = chart;
            const scale = scales[across()];
            const middle = scale.getPixelForValue(active);
            const size = Math.max((data.time ? area.width : area.height) / data.labels.length, 1);
            ctx.save();
            ctx.fillStyle = colour('hover');
            if (data.time) ctx.fillRect(middle - size / 2, area.top, size, area.height);
            else ctx.fillRect(area.left, middle - size / 2, area.width, size);
            ctx.restore();
        },
    };

    function isAlone(context) {
        const at = context.dataset.data, i = context.dataIndex;
        return at[i - 1] == null && at[i + 1] == null;
    }

    function dataset(role) {
        const main = colour(role);
        const bars = !data.time || data.labels.length <= BARS;
        return {
            type: bars ? 'bar' : 'line',
            data: values(role),
            backgroundColor: bars ? main : `${main}26`,
            borderColor: main,
            borderWidth: bars ? 0 : 1.75,
            borderRadius: 3,
            maxBarThickness: data.time ? 40 : 16,
            categoryPercentage: 0.86,
            barPercentage: 0.9,
            fill: 'origin',
            pointRadius: (context) => (isAlone(context) ? 2.5 : 0),
            pointBackgroundColor: main,
        };
    }

    function scales(role) {
        const ink = colour('soft');
        const names = role === 'first' || innerWidth < NARROW;
        const steps = {
            type: 'category',
            offset: true,
            grid: { display: false, drawBorder: false },
            border: { display: false },
            ticks: {
                color: ink,
                maxRotation: 0,
                autoSkip: data.time,
                autoSkipPadding: 18,
                // Where the names are to the left already, it takes none to keep the lines level.
                callback: (i) => (data.time ? stepLabel(data.labels[i], false) : names ? cut(data.labels[i]) : ''),
            },
        };
        const amounts = {
            beginAtZero: true,
            grid: { color: colour('line'), drawBorder: false, drawTicks: false },
            border: { display: false },
            ticks: { color: ink, maxTicksLimit: 5, padding: 6, callback: (value) => short.format(value) },
        };
        if (!data.time) return { x: amounts, y: steps };
        amounts.afterFit = (scale) => { scale.width = AXIS; };
        return { x: steps, y: amounts };
    }

    function options(role) {
        return {
            animation: false,
            responsive: true,
            maintainAspectRatio: false,
            indexAxis: across(),
            events: [], // ours, below
            plugins: { legend: { display: false }, tooltip: { enabled: false } },
            scales: scales(role),
        };
    }

    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    const drawn = roles.map((role) => {
        const canvas = document.querySelector(`#${role} canvas`);
        // A style sheet can not know how many lines there are.
        if (!data.time) canvas.parentNode.style.height = `${data.labels.length * LINE + 34}px`;
        return new Chart(canvas, {
            data: { labels: data.labels, datasets: [dataset(role)] },
            options: options(role),
            plugins: [pointer],
        });
    });

    function paint() {
        drawn.forEach((chart, i) => {
            chart.data.datasets = [dataset(roles[i])];
            chart.options = options(roles[i]);
            chart.update('none');
        });
    }

    // ---- what is pointed at ----

    function addLine(kind, label, value) {
        const line = document.createElement('div');
        line.className = kind;
        [label, value === null ? '–' : grouped(value)].forEach((text) => {
            const part = document.createElement('span');
            part.textContent = text;
            line.append(part);
        });
        tip.append(line);
    }

    function fillTip() {
        const title = document.createElement('strong');
        const order = [...new Set([...roles.map((role) => data[role]), ...data.metrics.keys()])];
        title.textContent = data.time ? stepLabel(data.labels[active], true) : data.labels[active];
        tip.replaceChildren(title);
        order.forEach((i) => {
            const { label, values: texts } = data.metrics[i];
            const kind = roles.find((role) => data[role] === i) || '';
            if (kind || texts.some((text) => text !== null)) addLine(kind, label, texts[active]);
        });
    }

    // Beside the step, on the side where there is room; x and y of the charts' section.
    function placeTip(chart) {
        const outer = charts.getBoundingClientRect();
        const inner = chart.canvas.getBoundingClientRect();
        const at = chart.scales[across()].getPixelForValue(active);
        const x = inner.left - outer.left + (data.time ? at : chart.chartArea.left + 24);
        const right = x + 14 + tip.offsetWidth <= outer.width;
        const y = data.time ? 44 : inner.top - outer.top + at + LINE / 2 + 4;
        tip.style.left = `${Math.max(0, right ? x + 14 : x - 14 - tip.offsetWidth)}px`;
        tip.style.top = `${y}px`;
    }

    function show(step, chart) {
        const next = step < 0 ? -1 : Math.min(step, data.labels.length - 1);
        if (next !== active) {
            active = next;
            drawn.forEach((each) => each.draw());
            tip.hidden = active < 0;
            if (active >= 0) fillTip();
        }
        if (active >= 0) placeTip(chart);
    }

    function pointed(chart, event) {
        const place = chart.canvas.getBoundingClientRect();
        const scale = chart.scales[across()];
        const pixel = data.time ? event.clientX - place.left : event.clientY - place.top;
        return Math.max(0, scale.getValueForPixel(pixel));
    }

    const keys = {
        ArrowLeft: () => active - 1, ArrowUp: () => active - 1,
        ArrowRight: () => active + 1, ArrowDown: () => active + 1,
        Home: () => 0, End: () => data.labels.length - 1,
    };

    drawn.forEach((chart) => {
        const { canvas } = chart;
        canvas.addEventListener('pointermove', (event) => show(pointed(chart, event), chart));
        canvas.addEventListener('pointerdown', (event) => show(pointed(chart, event), chart));
        canvas.addEventListener('pointerleave', () => show(-1));
        canvas.addEventListener('blur', () => show(-1));
        canvas.addEventListener('keydown', (event) => {
            if (event.key === 'Escape') show(-1);
            if (!(event.key in keys)) return;
            event.preventDefault();
            show(Math.max(0, keys[event.key]()), chart);
        });
    });

    // ---- another metric, other colours, paper ----

    const choice = document.getElementById('choice');
    function choose() {
        data.second = Number(choice.value);
        const { label, sum, unit } = data.metrics[data.second];
        const shown = document.querySelector('#second b');
        const mark = document.createElement('em');
        mark.textContent = unit;
        shown.replaceChildren(sum === null ? '' : grouped(sum), ...(sum !== null && unit ? [mark] : []));
        document.querySelector('#second canvas').setAttribute('aria-label', label);
        paint();
    }
    if (choice !== null) choice.addEventListener('change', choose);

    function print(paper) {
        root.classList.toggle('print', paper);
        show(-1);
        paint();
        drawn.forEach((chart) => chart.resize());
    }
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', paint);
    addEventListener('beforeprint', () => print(true));
    addEventListener('afterprint', () => print(false));
})();
