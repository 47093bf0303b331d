// Brings what arrived into an open document, without taking anything that its person wrote.

// Whether the document now shows what arrived; otherwise only its person can decide.
async function refresh(lab, context, widgets) {
  await context.ready;
  await lastSave(context);
  const { model } = context;
  const state = watched.get(context);
  const isNotebook = 'cells' in model;
  const kind = isNotebook ? { type: 'notebook', format: 'json' } : {};
  let file;
  let saves;
  do {
    saves = state?.saves;
    file = await lab.contents.get(context.path, { content: true, hash: true, ...kind });
    if (context.isDisposed) {
      return true;
    }
    // What was saved meanwhile is newer than this answer: ask again.
  } while (state?.saves !== saves);
  // From here to the end it is one task of the browser: nobody can type in between.
  const { dirty } = model;
  if (!state || !(isNotebook || file.format === 'text')) {
    await context.revert(); // shown, not written in
  } else if (isNotebook) {
    const notebook = dirty ? merged(state.base, model.toJSON(), file.content) : file.content;
    if (notebook === null) {
      return false;
    }
    const places = widgets.map(widget => keepPlace(widget.content));
    know(context, file);
    takeNotebook(model, notebook);
    model.dirty = dirty;
    state.base = dirty ? file.content : model.toJSON();
    places.forEach(restore => restore());
  } else {
    if (dirty) {
      return false;
    }
    know(context, file);
    takeText(model, file.content);
    model.dirty = false;
  }
  return true;
}

// Which file the document shows, so that its next save finds no stranger's change. JupyterLab's own
// `revert` does this too, but it asks for the file only then, and drops what is typed until it comes.
function know(context, file) {
  context._updateContentsModel(file);
}

function takeText(model, text) {
  const unix = text.replace(/\r\n?/g, '\n');
  if (unix !== model.toString()) {
    model.fromString(unix);
  }
}

// Changes only the cells that differ: the others keep their outputs, running computations, cursor
// and height. A notebook's kernel is not touched at all.
function takeNotebook(model, notebook) {
  const shared = model.sharedModel;
  const wanted = new Map(notebook.cells.map(cell => [cell.id, cell]));
  const stays = cell => wanted.get(cell.getId())?.cell_type === cell.cell_type;
  if (wanted.size !== notebook.cells.length || !shared.cells.some(stays)) {
    model.fromJSON(notebook); // cells without names, or nothing in common
    return;
  }
  for (let index = shared.cells.length - 1; index >= 0; index -= 1) {
    if (!stays(shared.cells[index])) {
      shared.deleteCell(index);
    }
  }
  notebook.cells.forEach((cell, index) => {
    if (shared.cells[index]?.getId() !== cell.id) {
      const elsewhere = shared.cells.findIndex(other => other.getId() === cell.id);
      if (elsewhere >= 0) {
        shared.deleteCell(elsewhere);
      }
      shared.insertCell(index, cell);
    } else {
      takeCell(shared.cells[index], cell);
    }
  });
  shared.setMetadata(notebook.metadata);
}

function takeCell(mine, cell) {
  const had = mine.toJSON();
  if (cell.source !== had.source) {
    mine.setSource(cell.source);
  }
  const { trusted, ...metadata } = cell.metadata; // JupyterLab's word for this session, not the file's
  const { trusted: mineTrusted, ...hadMetadata } = had.metadata;
  if (!equal(metadata, hadMetadata)) {
    mine.setMetadata(cell.metadata);
  }
  if (cell.cell_type === 'code') {
    if (!equal(joined(cell.outputs), joined(had.outputs))) {
      mine.setOutputs(cell.outputs);
    }
    mine.execution_count = cell.execution_count;
  } else if (!equal(cell.attachments, had.attachments)) {
    mine.setAttachments(cell.attachments);
  }
}

// A file may hold text as a list of lines where an open notebook holds one string.
function joined(outputs) {
  const text = value => (Array.isArray(value) ? value.join('') : value);
  return outputs.map(output => ({
    ...output,
    ...('text' in output ? { text: text(output.text) } : {}),
    ...('data' in output
      ? { data: Object.fromEntries(Object.entries(output.data).map(([k, v]) => [k, text(v)])) }
      : {})
  }));
}

function equal(one, other) {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) {
    return one === other;
  }
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every(name => name in other && equal(one[name], other[name]))
  );
}

// Notes where on the screen the active cell is; returns what puts it there again.
function keepPlace(notebook) {
  const id = notebook.activeCell?.model.id;
  const top = () => {
    const cell = notebook.widgets.find(widget => widget.model.id === id);
    return cell?.node.isConnected ? cell.node.getBoundingClientRect().top : null;
  };
  const before = top();
  return () => {
    const index = notebook.widgets.findIndex(widget => widget.model.id === id);
    if (index >= 0 && index !== notebook.activeCellIndex) {
      notebook.activeCellIndex = index;
    }
    requestAnimationFrame(() => {
      const after = top();
      if (before !== null && after !== null) {
        notebook.outerNode.scrollTop += after - before;
      }
    });
  };
}
