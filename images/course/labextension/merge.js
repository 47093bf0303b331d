// A person has written in a notebook since it was last saved, and something arrived in the same notebook.
// What they changed stays as they have it; the rest becomes what arrived.

// The notebook to show; null where both have changed one cell's text, or the person has moved cells:
// then only the person can decide. `base` is the notebook as it was last saved.
function merged(base, mine, theirs) {
  const [before, written, arrived] = [base, mine, theirs].map(byId);
  const named = [base, mine, theirs].every(one => byId(one).size === one.cells.length);
  const moved = ids(base, written).join() !== ids(mine, before).join();
  if (!named || moved || theirs.cells.some(cell => clash(before, written, arrived, cell.id))) {
    return null;
  }
  const removed = id => before.has(id) && !written.has(id);
  const cells = theirs.cells
    .filter(cell => !removed(cell.id))
    .map(cell => mergedCell(before.get(cell.id), written.get(cell.id), cell));
  // The person's new cells, and changed ones that the course no longer has, behind the cell they follow.
  mine.cells.forEach((cell, index) => {
    const isWritten = cell.source !== before.get(cell.id)?.source;
    if (isWritten && !cells.some(other => other.id === cell.id)) {
      const behind = cells.findIndex(other => other.id === mine.cells[index - 1]?.id);
      cells.splice(index > 0 && behind < 0 ? cells.length : behind + 1, 0, cell);
    }
  });
  return { ...theirs, metadata: either(base, mine, theirs, 'metadata'), cells };
}

// Both have changed one cell's text, and not in the same way.
function clash(before, written, arrived, id) {
  const [was, mine, theirs] = [before, written, arrived].map(cells => cells.get(id)?.source);
  return mine !== undefined && mine !== was && theirs !== was && mine !== theirs;
}

function mergedCell(base, mine, theirs) {
  if (!mine) {
    return theirs;
  }
  const names = ['source', 'metadata', 'outputs', 'execution_count', 'attachments'];
  const pairs = names.map(name => [name, either(base ?? {}, mine, theirs, name)]);
  return { ...theirs, ...Object.fromEntries(pairs.filter(([, value]) => value !== undefined)) };
}

// Mine where I have changed it, otherwise theirs.
function either(base, mine, theirs, name) {
  return equal(mine[name], base[name]) ? theirs[name] : mine[name];
}

function byId(notebook) {
  return new Map(notebook.cells.map(cell => [cell.id, cell]));
}

function ids(notebook, known) {
  return notebook.cells.map(cell => cell.id).filter(id => known.has(id));
}
