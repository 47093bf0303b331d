// Random histories of one open notebook: a person writes, the course corrects, both since the last save.
// Run in a page that has the extension's `merged` and `takeNotebook`; returns what went wrong.
({ histories, seed }) => {
  // Mulberry32: the same histories for the same seed, in every browser.
  const below = bound => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * bound);
  };
  let names = 0;
  const cell = (id, source) => ({
    id, cell_type: 'code', source, metadata: {}, outputs: [], execution_count: null
  });
  const notebook = cells => ({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells });
  const edited = (cells, who) => {
    const result = cells.map(one => ({ ...one }));
    for (let edits = below(5); edits > 0; edits -= 1) {
      const name = `${who}-${(names += 1)}`;
      const at = below(result.length || 1);
      const what = result.length ? below(3) : 0;
      if (what === 0) result.splice(below(result.length + 1), 0, cell(name, name));
      else if (what === 1) result[at].source += ` ${name}`;
      else result.splice(at, 1);
    }
    return notebook(result);
  };
  // As much of a shared notebook as `takeNotebook` uses.
  const model = cells => {
    const live = value => ({
      cell_type: value.cell_type,
      getId: () => value.id,
      toJSON: () => ({ ...value }),
      setSource: source => { value.source = source; }
    });
    const shared = {
      cells: cells.map(one => live({ ...one })),
      deleteCell: index => shared.cells.splice(index, 1),
      insertCell: (index, one) => shared.cells.splice(index, 0, live({ ...one })),
      setMetadata: () => {}
    };
    const fromJSON = all => { shared.cells = all.cells.map(one => live({ ...one })); };
    return { sharedModel: shared, fromJSON };
  };

  const wrong = [];
  let left = 0;
  for (let history = 0; history < histories; history += 1) {
    const base = notebook(Array.from({ length: 1 + below(6) }, (_, n) => cell(`c${n}`, `c${n}`)));
    const mine = edited(base.cells, 'mine');
    const theirs = edited(base.cells, 'theirs');
    const result = merged(base, mine, theirs);
    if (result === null) {
      left += 1;
      continue;
    }
    const open = model(mine.cells);
    takeNotebook(open, result);
    const shown = open.sharedModel.cells.map(one => one.toJSON());
    const source = (cells, id) => cells.find(one => one.id === id)?.source;
    const lost = mine.cells.filter(
      one => one.source !== source(base.cells, one.id) && one.source !== source(shown, one.id)
    );
    const missed = theirs.cells.filter(one => {
      const was = source(base.cells, one.id);
      const removed = was !== undefined && source(mine.cells, one.id) === undefined;
      const unwritten = source(mine.cells, one.id) === was;
      return !removed && unwritten && source(shown, one.id) !== one.source;
    });
    const twice = new Set(shown.map(one => one.id)).size !== shown.length;
    if (lost.length || missed.length || twice) {
      wrong.push({ base, mine, theirs, shown });
    }
  }
  return { wrong: wrong.slice(0, 3), left };
}
